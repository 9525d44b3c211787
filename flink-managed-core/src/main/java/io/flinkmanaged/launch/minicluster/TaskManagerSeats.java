package io.flinkmanaged.launch.minicluster;

import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;
import org.jspecify.annotations.Nullable;

/** Which TaskExecutor of the MiniCluster serves which node, and when it died. Thread-safe. */
final class TaskManagerSeats {

    private final TimeSource time;
    private final Runnable changed;
    private final SortedMap<NodeId, Seat> seats = new TreeMap<>();

    TaskManagerSeats(TimeSource time, Runnable changed) {
        this.time = time;
        this.changed = changed;
    }

    /** Gives a node's seat to a TaskExecutor and watches it. */
    void take(NodeId node, int index, TaskExecutor taskExecutor) {
        Seat seat = new Seat(index, taskExecutor);
        synchronized (seats) {
            seats.put(node, seat);
        }
        CompletableFuture<Void> unused = taskExecutor.getTerminationFuture().whenComplete((ignored, failure) -> {
            seat.died(new Death(
                    time.now(),
                    failure == null ? "it ended" : failure.getClass().getSimpleName() + ": " + failure.getMessage()));
            changed.run();
            time.blocking().execute(() -> FileMergingManagers.shutDown(taskExecutor));
        });
    }

    /** Returns Flink's index of a node's TaskExecutor. */
    int indexOf(NodeId node) {
        return seat(node).index;
    }

    /** Notes why a node's TaskExecutor is about to die; the first reason counts. */
    void expectDeath(NodeId node, String cause) {
        seat(node).expect(cause);
    }

    List<TaskManagerObservation> observe() {
        synchronized (seats) {
            return seats.entrySet().stream()
                    .map(entry -> entry.getValue().observe(entry.getKey()))
                    .toList();
        }
    }

    /** Returns how many TaskExecutors live. */
    int living() {
        return (int) observe().stream()
                .filter(taskManager -> taskManager.death().isEmpty())
                .count();
    }

    private Seat seat(NodeId node) {
        synchronized (seats) {
            Seat seat = seats.get(node);
            if (seat == null) {
                throw new IllegalArgumentException("No such node: " + node);
            }
            return seat;
        }
    }

    private static final class Seat {
        private final int index;
        private final String resourceId;
        private @Nullable String expectedCause;
        private @Nullable Death death;

        Seat(int index, TaskExecutor taskExecutor) {
            this.index = index;
            this.resourceId = taskExecutor.getResourceID().getResourceIdString();
        }

        synchronized void expect(String cause) {
            if (expectedCause == null) {
                expectedCause = cause;
            }
        }

        synchronized void died(Death witnessed) {
            death = new Death(witnessed.at(), expectedCause == null ? witnessed.cause() : expectedCause);
        }

        synchronized TaskManagerObservation observe(NodeId node) {
            return new TaskManagerObservation(node, resourceId, Optional.ofNullable(death));
        }
    }
}
