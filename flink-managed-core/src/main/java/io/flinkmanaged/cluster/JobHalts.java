package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts for the cluster's own purposes. Everything blocks until the cluster is being closed, and belongs on the
 * cluster's lane.
 *
 * <p>No end is recorded, and a note says so before Flink is asked: should this process die before the next attempt begins,
 * the job is continued like any that was lost, from its newest complete point, which is the savepoint it was stopped with.
 */
final class JobHalts {

    private static final Logger LOG = LoggerFactory.getLogger(JobHalts.class);
    private static final String STOP = "stop with savepoint";
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(10);
    private static final int CHECKPOINT_WITHIN_SECONDS = 60;
    /** Flink gives a savepoint up after the job's checkpoint timeout; this is for when Flink does not answer. */
    private static final int HALTED_WITHIN_SECONDS = 1800;

    private final ClusterName cluster;
    private final JobEndings endings;
    private final JobStore store;
    private final ClusterServices services;
    private final Closing closing;

    JobHalts(ClusterName cluster, JobEndings endings, JobStore store, ClusterServices services, Closing closing) {
        this.cluster = cluster;
        this.services = services;
        this.endings = endings;
        this.store = store;
        this.closing = closing;
    }

    /** Lets all of some jobs take a checkpoint, side by side. */
    void checkpoint(Collection<ClusterJob> jobs) {
        Map<ClusterJob, CompletableFuture<Long>> asked = new LinkedHashMap<>();
        for (ClusterJob job : jobs) {
            job.attempt().ifPresent(attempt -> asked.put(job, job.gateway().checkpoint(attempt.jobId())));
        }
        asked.forEach((job, answer) -> {
            try {
                Long unused = await(job, "checkpoint", answer, CHECKPOINT_WITHIN_SECONDS);
            } catch (ManagedFlinkException e) {
                // Only time is lost: what came after the checkpoint before is processed again.
                LOG.debug("[{}] Job \"{}\" took no checkpoint before it is submitted again.", cluster, job.name(), e);
            }
        });
    }

    /**
     * Ends the attempts of all of some jobs, side by side. Of a job without an attempt there is nothing to cancel; its state
     * cannot be carried by a savepoint, and then none is ended.
     *
     * @return those that were ended; the others came to their own end meanwhile
     * @throws ManagedFlinkException if one could not be ended: that goes on, and the others have been ended
     */
    List<ClusterJob> halt(Collection<ClusterJob> jobs, boolean withSavepoint) {
        if (withSavepoint) {
            jobs.forEach(this::requireAttempt);
        }
        List<Halt> begun = jobs.stream()
                .flatMap(job -> job.attempt().stream().map(attempt -> begin(job, attempt, withSavepoint)))
                .toList();
        List<ClusterJob> halted = new ArrayList<>();
        List<ManagedFlinkException> failures = new ArrayList<>();
        for (Halt halt : begun) {
            try {
                if (isHalted(halt, withSavepoint)) {
                    halted.add(halt.job());
                }
            } catch (ManagedFlinkException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            ManagedFlinkException first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
        return halted;
    }

    /** Somebody stops a job himself: that is its end, whatever the cluster was about to do with it. Any thread. */
    CompletableFuture<Void> forget(ClusterJob job) {
        return CompletableFuture.runAsync(
                () -> job.attempt().ifPresent(this::forget), services.time().blocking());
    }

    private void requireAttempt(ClusterJob job) {
        if (job.attempt().isEmpty()) {
            throw failed(job, STOP, "it waits to be continued", null);
        }
    }

    /** Never throws: what is held is awaited, or released. */
    private Halt begin(ClusterJob job, JobAttempt attempt, boolean withSavepoint) {
        JobGateway gateway = job.gateway();
        endings.hold(attempt);
        CompletableFuture<?> asked = ask(job, attempt, withSavepoint);
        return new Halt(job, attempt, gateway, asked, asked.thenCompose(unused -> gateway.whenEnded(attempt.jobId())));
    }

    private CompletableFuture<?> ask(ClusterJob job, JobAttempt attempt, boolean withSavepoint) {
        try {
            // First: whoever finds the attempt ended must know by whom.
            store.notes()
                    .noteHalt(
                            attempt,
                            withSavepoint ? Kind.STOPPED : Kind.CANCELED,
                            services.time().now());
            return withSavepoint
                    ? job.client()
                            .stopWithSavepoint(
                                    false, store.savepointsUri(job.name(), attempt.id()), SavepointFormatType.CANONICAL)
                    : job.client().cancel();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean isHalted(Halt halt, boolean withSavepoint) {
        try {
            JobEnd end = await(halt.job(), withSavepoint ? STOP : "cancel", halt.end(), HALTED_WITHIN_SECONDS);
            if (end.status() == (withSavepoint ? JobStatus.FINISHED : JobStatus.CANCELED)) {
                halt.job().over(halt.attempt());
                return true;
            }
        } catch (ManagedFlinkException e) {
            forgetIfItGoesOn(halt);
            endings.release(halt.job(), halt.attempt(), halt.gateway());
            throw e;
        }
        endings.release(halt.job(), halt.attempt(), halt.gateway());
        return false;
    }

    /** What Flink did not answer may be done yet: the note stays, unless Flink refused and has the job go on. */
    private void forgetIfItGoesOn(Halt halt) {
        if (!halt.asked().isCompletedExceptionally()) {
            return;
        }
        try {
            CompletableFuture<JobObservation> seen =
                    halt.gateway().observe(halt.attempt().jobId());
            if (closing.await(seen, SEEN_WITHIN) && goesOn(seen.join().status())) {
                forget(halt.attempt());
            }
        } catch (RuntimeException | TimeoutException e) {
            LOG.debug(
                    "[{}] Job \"{}\": not known whether it goes on.",
                    cluster,
                    halt.job().name(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean goesOn(JobStatus status) {
        return !status.isTerminalState() && status != JobStatus.CANCELLING;
    }

    private void forget(JobAttempt attempt) {
        try {
            store.notes().forgetHalt(attempt);
        } catch (RuntimeException e) {
            services.events()
                    .accept(new OperationFailed(
                            cluster.value(),
                            services.time().now(),
                            "recording that job \"" + attempt.job() + "\" is not halted by its cluster",
                            String.valueOf(e.getMessage())));
        }
    }

    private <T> T await(ClusterJob job, String what, CompletableFuture<T> answer, int seconds) {
        try {
            if (!closing.await(answer, Duration.ofSeconds(seconds))) {
                throw failed(job, what, "the cluster is being closed", null);
            }
            return answer.get();
        } catch (ExecutionException e) {
            throw failed(job, what, Failures.rootCause(e), e);
        } catch (TimeoutException e) {
            throw failed(job, what, "no answer within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(job, what, "interrupted", e);
        }
    }

    private ManagedFlinkException failed(ClusterJob job, String what, String reason, @Nullable Exception cause) {
        return new ManagedFlinkException(
                Code.UNAVAILABLE,
                cluster.value(),
                "job \"" + job.name() + "\", " + what + ": failed (expected: done). It goes on; try again when all of "
                        + "it runs: " + reason,
                cause);
    }

    private record Halt(
            ClusterJob job,
            JobAttempt attempt,
            JobGateway gateway,
            CompletableFuture<?> asked,
            CompletableFuture<JobEnd> end) {}
}
