package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which process serves which part of which node, and when it died. Thread-safe; witnesses are told without a lock. */
final class NodeProcesses {

    private static final int SIGNALLED = 128;
    private static final int HIGHEST_SIGNAL = 64;
    private static final int OUT_OF_MEMORY = 3;

    private final TimeSource time;
    private final Runnable changed;
    private final Map<Seat, Holder> holders = new TreeMap<>();

    NodeProcesses(TimeSource time, Runnable changed) {
        this.time = time;
        this.changed = changed;
    }

    /** Gives a seat to a process and watches it. */
    void take(Seat seat, HostProcess process) {
        Holder holder = new Holder(process);
        synchronized (holders) {
            holders.put(seat, holder);
        }
        CompletableFuture<Void> unused = process.whenEnded().handle((status, failure) -> {
            if (failure == null) {
                holder.died(new Death(time.now(), cause(status)));
                changed.run();
            }
            return null;
        });
    }

    /** Notes that nobody holds a seat, and why. */
    void leaveEmpty(Seat seat, String cause) {
        synchronized (holders) {
            Holder holder = new Holder(null);
            holder.died(new Death(time.now(), cause));
            holders.put(seat, holder);
        }
    }

    /** Returns the seats that were left empty, and still are. */
    Set<Seat> leftEmpty() {
        return snapshot().entrySet().stream()
                .filter(entry -> entry.getValue().process == null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Notes why a process is about to die; the first reason counts. */
    void expectDeath(Seat seat, String reason) {
        holder(seat).ifPresent(holder -> holder.expect(reason));
    }

    /** Notes that a process was just proved dead; the operating system may take its time to say so. */
    void provedDead(Seat seat) {
        holder(seat).ifPresent(holder -> holder.died(new Death(time.now(), "it was found dead")));
    }

    Optional<HostProcess> of(Seat seat) {
        return holder(seat).flatMap(holder -> Optional.ofNullable(holder.process));
    }

    List<TaskManagerObservation> taskManagers() {
        return snapshot().entrySet().stream()
                .filter(entry -> entry.getKey().kind() == Kind.TASK_MANAGER)
                .map(entry -> new TaskManagerObservation(
                        entry.getKey().node(),
                        entry.getKey().node().toString(),
                        entry.getValue().death()))
                .toList();
    }

    List<LostProcess> lost() {
        return snapshot().entrySet().stream()
                .filter(entry -> entry.getKey().kind() != Kind.TASK_MANAGER)
                .flatMap(entry -> entry.getValue().death().stream()
                        .map(death -> new LostProcess(
                                entry.getKey().node(), entry.getKey().kind(), death)))
                .toList();
    }

    /** Returns those that are not known to be dead. */
    Map<Seat, HostProcess> living() {
        Map<Seat, HostProcess> living = new TreeMap<>();
        snapshot().forEach((seat, holder) -> {
            HostProcess process = holder.process;
            if (process != null && holder.death().isEmpty()) {
                living.put(seat, process);
            }
        });
        return living;
    }

    /** Completes when those have ended that are being ended now; at once if nobody is. */
    CompletableFuture<Void> whenTheDyingHaveEnded() {
        return CompletableFuture.allOf(living().values().stream()
                .filter(HostProcess::isEnding)
                .map(HostProcess::whenEnded)
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Returns the dead, whatever they were. */
    Map<Seat, Death> deaths() {
        Map<Seat, Death> deaths = new TreeMap<>();
        snapshot().forEach((seat, holder) -> holder.death().ifPresent(death -> deaths.put(seat, death)));
        return deaths;
    }

    boolean allAreDead() {
        return snapshot().values().stream().allMatch(Holder::isDead);
    }

    private Map<Seat, Holder> snapshot() {
        synchronized (holders) {
            return new TreeMap<>(holders);
        }
    }

    private Optional<Holder> holder(Seat seat) {
        synchronized (holders) {
            return Optional.ofNullable(holders.get(seat));
        }
    }

    private static String cause(OptionalInt status) {
        if (status.isEmpty()) {
            return "it ended";
        }
        int code = status.getAsInt();
        if (code > SIGNALLED && code <= SIGNALLED + HIGHEST_SIGNAL) {
            return "it was ended by signal " + (code - SIGNALLED);
        }
        return "it ended with status " + code + (code == OUT_OF_MEMORY ? ", out of memory" : "");
    }

    /**
     * What a process is to a cluster.
     *
     * @param node its node
     * @param kind which of the node's processes
     */
    record Seat(NodeId node, Kind kind) implements Comparable<Seat> {

        @Override
        public int compareTo(Seat other) {
            int byNode = node.compareTo(other.node);
            return byNode != 0 ? byNode : kind.compareTo(other.kind);
        }

        /** Returns {@code jobmanager of node-1}. */
        @Override
        public String toString() {
            return kind.directory() + " of " + node;
        }
    }

    private static final class Holder {
        private final @Nullable HostProcess process;
        private @Nullable String expectedCause;
        private @Nullable Death death;

        Holder(@Nullable HostProcess process) {
            this.process = process;
        }

        synchronized void expect(String cause) {
            if (expectedCause == null) {
                expectedCause = cause;
            }
        }

        /** Who sees it first dates it. */
        synchronized void died(Death witnessed) {
            if (death == null) {
                death = new Death(witnessed.at(), expectedCause == null ? witnessed.cause() : expectedCause);
            }
        }

        synchronized Optional<Death> death() {
            return Optional.ofNullable(death);
        }

        boolean isDead() {
            return process == null || process.liveness() == Liveness.DEAD;
        }
    }
}
