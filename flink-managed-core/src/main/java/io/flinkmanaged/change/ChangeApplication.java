package io.flinkmanaged.change;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.ChangeApplied;
import io.flinkmanaged.event.ClusterEvent.ChangeFailed;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Applies changes to one cluster, each as one operation of the cluster's lane.
 *
 * <p>At every moment one of the two specs is in force, in the journal too, and every job has a complete point that a new
 * epoch under that spec can start from: should this process die, the next one continues all jobs.
 */
public final class ChangeApplication {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration JOBS_RUN_WITHIN = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final TimeSource time;
    private final Consumer<ClusterEvent> events;
    private final ChangeSteps steps;

    /**
     * Creates it for a cluster.
     *
     * @param cluster the cluster
     * @param remember writes down which spec is in force, for the next process; blocks
     * @param time the time and threads
     * @param events takes what happens; never blocks
     */
    public ChangeApplication(
            Cluster cluster, Consumer<ClusterSpec> remember, TimeSource time, Consumer<ClusterEvent> events) {
        this.cluster = cluster;
        this.time = time;
        this.events = events;
        this.steps = new ChangeSteps(cluster, remember);
    }

    /**
     * Applies a change.
     *
     * @param change what a preview of this cluster returned
     * @param acknowledged what is known and accepted of it
     * @return completes when every job runs again, or after two minutes; fails if the world has changed since the preview,
     *     or the change could not be applied
     * @throws InvalidInputException if it cannot be applied at all, or something of it is not acknowledged
     */
    public CompletableFuture<ChangeReport> apply(ClusterChange change, Set<Acknowledgement> acknowledged) {
        requireApplicable(change, acknowledged);
        long began = time.ticks();
        return cluster.lane()
                .run(() -> {
                    requireSameWorld(change);
                    Seen before = Seen.of(cluster);
                    carryOut(change);
                    return before;
                })
                .thenCompose(before ->
                        whenJobsRun(change).thenApplyAsync(unused -> report(change, before, began), time.blocking()));
    }

    private void carryOut(ClusterChange change) {
        try {
            switch (change.disruption()) {
                case NONE, LIVE -> steps.putInForce(change.spec());
                case JOBS -> steps.restartJobs(change);
                case ROLLING ->
                    throw new IllegalStateException(
                            "Launcher " + cluster.launcher().name()
                                    + " rolls changes, which this version of the library does not.");
                case RESTART, REPLACE -> steps.restartAll(change);
            }
        } catch (RuntimeException e) {
            String reason = e instanceof ManagedFlinkException ? String.valueOf(e.getMessage()) : Failures.rootCause(e);
            events.accept(
                    new ChangeFailed(name(), time.now(), change.disruption().name(), reason));
            throw e;
        }
    }

    private void requireApplicable(ClusterChange change, Set<Acknowledgement> acknowledged) {
        if (!change.refusals().isEmpty()) {
            throw new InvalidInputException("change of cluster " + name(), change.refusals());
        }
        List<Finding> missing = change.toAcknowledge().entrySet().stream()
                .filter(needed -> !acknowledged.contains(needed.getKey()))
                .map(needed -> new Finding(
                        "change of cluster " + name(),
                        "not acknowledged",
                        needed.getKey() + ": " + needed.getValue(),
                        "Call apply(change, Acknowledgement." + needed.getKey() + ") if that may be."))
                .toList();
        if (!missing.isEmpty()) {
            throw new InvalidInputException("change of cluster " + name(), missing);
        }
    }

    private void requireSameWorld(ClusterChange change) {
        Optional<String> moved = change.basis().differenceFrom(Basis.of(cluster));
        if (moved.isPresent()) {
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    name(),
                    "change of cluster " + name() + ": the cluster has changed since the preview: " + moved.get()
                            + " (expected: what the preview saw). Nothing was done; preview it again.",
                    null);
        }
        boolean nothingToStop = change.state() == StateCarriage.SAVEPOINT
                && cluster.current().isEmpty()
                && !change.basis().jobs().isEmpty();
        if (nothingToStop) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    name(),
                    "change of cluster " + name() + ": no epoch runs (expected: running, because jobs must be stopped "
                            + "with savepoints). Wait with awaitHealthy(…).",
                    null);
        }
    }

    /** Completes with true, or with false when it is waited no longer. */
    private CompletableFuture<Boolean> whenJobsRun(ClusterChange change) {
        return Polling.until(
                        time,
                        PAUSE,
                        JOBS_RUN_WITHIN,
                        () -> CompletableFuture.supplyAsync(
                                () -> Seen.of(cluster)
                                        .allRun(change.basis().jobs().keySet()),
                                time.blocking()))
                .handle((run, failure) -> failure == null);
    }

    private ChangeReport report(ClusterChange change, Seen before, long began) {
        Seen after = Seen.of(cluster);
        ChangeReport report = new ChangeReport(
                change,
                before.restartsUntil(after),
                before.epoch(),
                after.epoch(),
                before.outcomes(after),
                Duration.ofNanos(time.ticks() - began));
        events.accept(new ChangeApplied(name(), time.now(), change.disruption().name(), report.toString()));
        return report;
    }

    private String name() {
        return cluster.spec().name().value();
    }
}
