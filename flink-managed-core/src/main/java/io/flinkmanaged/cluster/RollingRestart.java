package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts every process of a running epoch anew, one after the other, the leader's node last. Each is an operation of its own
 * in the cluster's lane, so submissions get in between; the next one waits until all that is wanted runs again. One that does
 * not come up is tried once more.
 *
 * <p>Jobs restart from their last checkpoint with each TaskManager that runs tasks of theirs, and with the leader.
 */
final class RollingRestart {

    /** The supervisor looks, too, and each look takes from what is waited for. */
    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(RollingRestart.class);
    private static final Duration WELL_WITHIN = Duration.ofMinutes(5);
    /** Who comes before in the lane may stop jobs with large savepoints. */
    private static final Duration STEP_WITHIN = Duration.ofHours(12);

    private final Cluster cluster;
    private final TimeSource time;

    RollingRestart(Cluster cluster, TimeSource time) {
        this.cluster = cluster;
        this.time = time;
    }

    /**
     * Does so; blocks for minutes, on a thread that is not the lane's.
     *
     * @throws ManagedFlinkException if a process does not come back, or jobs do not; then the rest is left as it was
     */
    void everyProcess() {
        awaitWell("before the first");
        for (NodeId node : inOrder()) {
            for (Kind kind : List.of(Kind.ZOOKEEPER, Kind.JOB_MANAGER, Kind.TASK_MANAGER)) {
                String process = "the " + kind.directory() + " of " + node;
                join("starting " + process + " anew", renewed(node, kind).exceptionallyCompose(once -> {
                    LOG.info("Once more: {}", Failures.rootCause(Failures.unwrap(once)));
                    return renewed(node, kind);
                }));
                awaitWell("after " + process);
            }
        }
    }

    private CompletableFuture<Boolean> renewed(NodeId node, Kind kind) {
        return cluster.lane().run(() -> {
            cluster.renew(node, kind);
            return true;
        });
    }

    private List<NodeId> inOrder() {
        Optional<NodeId> leader = cluster.requireCurrent().launched().leader();
        List<NodeId> nodes = new ArrayList<>();
        for (int number = 1; number <= cluster.spec().plan().nodes(); number++) {
            nodes.add(new NodeId(number));
        }
        nodes.sort(Comparator.comparing((NodeId node) -> leader.equals(Optional.of(node)))
                .thenComparing(Comparator.naturalOrder()));
        return nodes;
    }

    private void awaitWell(String when) {
        List<String> missing = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> well = Polling.until(
                time,
                LOOK_PAUSE,
                WELL_WITHIN,
                () -> CompletableFuture.supplyAsync(
                        () -> {
                            List<String> found = missing(cluster.observe());
                            missing.clear();
                            missing.addAll(found);
                            return found.isEmpty();
                        },
                        time.blocking()));
        join("waiting " + when + " until all jobs run", well.exceptionallyCompose(failure -> {
            LOG.debug("Not well.", failure);
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "after " + WELL_WITHIN.toMinutes() + " minutes " + String.join("; ", missing), failure));
        }));
    }

    /** Returns what keeps the next process from being started anew. */
    private static List<String> missing(ClusterObservation seen) {
        List<String> missing = new ArrayList<>();
        if (seen.liveness() != Liveness.ANSWERS) {
            missing.add("it does not answer: " + seen.detail());
        }
        seen.lost().forEach(lost -> missing.add("the " + lost.kind().directory() + " of " + lost.node() + " is dead"));
        seen.hung().forEach(hung -> missing.add("the " + hung.kind().directory() + " of " + hung.node() + " hangs"));
        seen.silent()
                .forEach(silent -> missing.add("the " + silent.kind().directory() + " of " + silent.node()
                        + " does not do its part: " + silent.evidence()));
        seen.cutOff().forEach(node -> missing.add(node + " is cut off"));
        seen.taskManagers().stream()
                .filter(taskManager -> taskManager.death().isPresent())
                .forEach(taskManager -> missing.add("the taskmanager of " + taskManager.node() + " is dead"));
        seen.jobs().stream()
                .filter(job -> !job.status().isGloballyTerminalState() && !job.allTasksRun())
                .forEach(job -> missing.add("job " + job.name() + " is " + job.status() + " with "
                        + job.runningOrFinished() + " of " + job.tasks() + " tasks running"));
        return missing;
    }

    /** By the time's own way to wait, so that it can be simulated. */
    private <T> void join(String what, CompletableFuture<T> step) {
        try {
            if (!time.await(step, STEP_WITHIN)) {
                throw ended(what, new TimeoutException("in vain for " + STEP_WITHIN.toHours() + " hours"));
            }
            T unused = step.join();
        } catch (CompletionException e) {
            throw ended(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ended(what, e);
        }
    }

    private ManagedFlinkException ended(String what, Exception cause) {
        String name = cluster.spec().name().value();
        return new ManagedFlinkException(
                Code.UNAVAILABLE,
                name,
                "rolling restart of cluster " + name + ": ended while " + what + " (expected: every process started "
                        + "anew). Look at its events, and begin again when it is healthy: "
                        + Failures.unwrap(cause).getMessage(),
                cause);
    }
}
