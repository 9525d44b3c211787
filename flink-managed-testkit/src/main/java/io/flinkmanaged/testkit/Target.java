package io.flinkmanaged.testkit;

import io.flinkmanaged.Drill;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.ClusterSpec;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a fault hits. Meant to be imported statically: {@code faults.kill(taskManager(1))}. Immutable. */
public final class Target {

    private static final String TASK_MANAGER = "taskmanager";
    private static final String JOB_MANAGER = "jobmanager";
    private static final String ZOOKEEPER = "zookeeper";
    private static final int THE_LEADERS = 0;

    private final String text;
    private final int node;
    private final Consumer<Drill> kill;
    private final Consumer<Drill> hang;
    private final List<String> killed;
    private final List<String> hung;

    private Target(
            String text, int node, Consumer<Drill> kill, List<String> killed, Consumer<Drill> hang, List<String> hung) {
        this.text = text;
        this.node = node;
        this.kill = kill;
        this.killed = killed;
        this.hang = hang;
        this.hung = hung;
    }

    /**
     * Returns the TaskManager of a node.
     *
     * @param node the number of the node, from 1
     */
    public static Target taskManager(int node) {
        return new Target(
                "the TaskManager of node " + node,
                node,
                drill -> drill.killTaskManager(node),
                List.of(TASK_MANAGER),
                drill -> drill.hangTaskManager(node),
                List.of(TASK_MANAGER));
    }

    /** Returns the JobManager that leads when the fault strikes. In process, the whole epoch ends with it. */
    public static Target leader() {
        return new Target(
                "the JobManager that leads",
                THE_LEADERS,
                Drill::killJobManager,
                List.of(JOB_MANAGER),
                Drill::hangJobManager,
                List.of(JOB_MANAGER));
    }

    /**
     * Returns every process of a node. In process, that is its TaskManager.
     *
     * @param node the number of the node, from 1
     */
    public static Target node(int node) {
        return new Target(
                "node " + node,
                node,
                drill -> drill.killNode(node),
                // The others are seen dead at once, where there are others; what hangs is told only process by process.
                List.of(TASK_MANAGER),
                drill -> drill.hangNode(node),
                List.of(TASK_MANAGER, JOB_MANAGER, ZOOKEEPER));
    }

    /** Returns the target in words. */
    @Override
    public String toString() {
        return text;
    }

    void requireIn(ClusterSpec spec) {
        int nodes = spec.plan().nodes();
        if (node != THE_LEADERS && (node < 1 || node > nodes)) {
            throw InvalidInputException.of(
                    "node of a fault", node, "1.." + nodes, "Cluster " + spec.name() + " has no other nodes.");
        }
    }

    void kill(Drill drill) {
        kill.accept(drill);
    }

    void hang(Drill drill) {
        hang.accept(drill);
    }

    /** Returns the losses that a kill must have led to before it can be healed: each is one event or another. */
    List<Predicate<ClusterEvent>> lossesOfKill(Instant at) {
        return losses(killed, at);
    }

    /** Returns the losses that a hang must have led to before it can be healed. */
    List<Predicate<ClusterEvent>> lossesOfHang(Instant at) {
        return losses(hung, at);
    }

    private List<Predicate<ClusterEvent>> losses(List<String> processes, Instant at) {
        return processes.stream()
                .map(process -> (Predicate<ClusterEvent>) event -> tellsLoss(event, process, at))
                .toList();
    }

    /** The end of an epoch is the loss of all its processes. */
    private boolean tellsLoss(ClusterEvent event, String process, Instant at) {
        if (event instanceof ClusterEvent.TaskManagerLost lost) {
            return process.equals(TASK_MANAGER)
                    && isNode(lost.node())
                    && !lost.diedAt().isBefore(at);
        }
        if (event instanceof ClusterEvent.ProcessLost lost) {
            return process.equals(lost.process())
                    && isNode(lost.node())
                    && !lost.diedAt().isBefore(at);
        }
        if (event instanceof ClusterEvent.ProcessHung hanging) {
            return process.equals(hanging.process()) && isNode(hanging.node());
        }
        return event instanceof ClusterEvent.EpochEnded;
    }

    private boolean isNode(int number) {
        return node == THE_LEADERS || node == number;
    }
}
