package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The dead processes of a cluster, and which of them can wait.
 *
 * <p>A JobManager can, while another one lives; a peer of ZooKeeper, while most of them live; a TaskManager, while the others
 * have slots enough for all jobs. They wait for {@link #NOTICED}, in which Flink takes note of the death, and on until every
 * job runs with all its tasks, for {@link #AT_MOST} at most. Without a job, nothing waits. What
 * died on a node that is cut off counts as missing, and is not among them: it is put back when the node is heard of again.
 */
final class Losses {

    /** Two heartbeats that do not arrive, as they are rendered, and what a loaded machine adds. */
    static final Duration NOTICED = Duration.ofMillis(1500);

    /** So long a cluster goes without its reserve because of a job that does not come up. */
    static final Duration AT_MOST = Duration.ofSeconds(15);

    private final Situation situation;
    private final ClusterObservation seen;
    private final int nodes;

    private Losses(Situation situation) {
        this.situation = situation;
        this.seen = situation.observation();
        this.nodes = seen.taskManagers().size();
    }

    /** Returns them in the order in which they are put back: peers of ZooKeeper first, because JobManagers meet there. */
    static List<Loss> of(Situation situation) {
        return new Losses(situation).inOrder();
    }

    private List<Loss> inOrder() {
        List<Loss> losses = new ArrayList<>();
        for (LostProcess lost : seen.lost()) {
            losses.add(loss(lost.kind(), lost.node(), lost.death().at()));
        }
        for (TaskManagerObservation taskManager : seen.taskManagers()) {
            Optional<Instant> died = taskManager.death().map(TaskManagerObservation.Death::at);
            died.ifPresent(at -> losses.add(loss(Kind.TASK_MANAGER, taskManager.node(), at)));
        }
        losses.removeIf(loss -> seen.cutOff().contains(loss.node()));
        losses.sort(
                Comparator.comparing(Loss::canWait).thenComparing(Loss::kind).thenComparing(Loss::node));
        return losses;
    }

    private Loss loss(Kind kind, NodeId node, Instant died) {
        Duration age = Duration.between(died, seen.at());
        // Negative, if somebody has set the clock back: then nothing is known of its age.
        return age.isNegative()
                ? new Loss(kind, node, Duration.ZERO, false)
                : new Loss(kind, node, age, canWait(kind, age));
    }

    private boolean canWait(Kind kind, Duration age) {
        return age.compareTo(AT_MOST) < 0
                && isReserve(kind)
                && mayHaveJobs()
                && (age.compareTo(NOTICED) < 0 || !everyJobRuns());
    }

    private boolean isReserve(Kind kind) {
        return switch (kind) {
            case JOB_MANAGER -> away(kind) < nodes;
            case ZOOKEEPER -> nodes - away(kind) > nodes / 2;
            case TASK_MANAGER -> {
                int living = (int) seen.taskManagers().stream()
                        .filter(taskManager -> taskManager.death().isEmpty())
                        .filter(taskManager -> !seen.cutOff().contains(taskManager.node()))
                        .count();
                yield living > 0 && situation.demand().isMetBy(living);
            }
        };
    }

    /** Of how many nodes a process is dead, or not heard of. */
    private int away(Kind kind) {
        Set<NodeId> away = new HashSet<>(seen.cutOff());
        seen.lost().stream().filter(lost -> lost.kind() == kind).forEach(lost -> away.add(lost.node()));
        return away.size();
    }

    private boolean mayHaveJobs() {
        return seen.liveness() != Liveness.ANSWERS
                || seen.jobs().stream().anyMatch(job -> !job.status().isGloballyTerminalState());
    }

    private boolean everyJobRuns() {
        return seen.liveness() == Liveness.ANSWERS
                && seen.jobs().stream()
                        .filter(job -> !job.status().isGloballyTerminalState())
                        .allMatch(JobObservation::allTasksRun);
    }

    /**
     * A dead process.
     *
     * @param kind what it was
     * @param node of which node
     * @param age how long it has been dead
     * @param canWait whether jobs come first
     */
    record Loss(Kind kind, NodeId node, Duration age, boolean canWait) {

        String text() {
            return "the " + kind.directory() + " of " + node;
        }
    }
}
