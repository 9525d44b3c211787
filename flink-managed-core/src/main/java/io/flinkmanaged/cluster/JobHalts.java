package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts for the cluster's own purposes. Everything blocks, and belongs on the cluster's lane.
 *
 * <p>No end is recorded: should this process die before the next attempt begins, the job is continued like any that was
 * lost, from its newest complete point, which is the savepoint it was stopped with.
 */
final class JobHalts {

    private static final Logger LOG = LoggerFactory.getLogger(JobHalts.class);
    private static final int CHECKPOINT_WITHIN_SECONDS = 60;
    /** Flink gives a savepoint up after the job's checkpoint timeout; this is for when Flink does not answer. */
    private static final int HALTED_WITHIN_SECONDS = 1800;

    private final ClusterName cluster;
    private final JobEndings endings;

    JobHalts(ClusterName cluster, JobEndings endings) {
        this.cluster = cluster;
        this.endings = endings;
    }

    void checkpoint(ClusterJob job) {
        Optional<JobAttempt> attempt = job.attempt();
        if (attempt.isEmpty()) {
            return;
        }
        try {
            Long unused = await(
                    job, "checkpoint", job.gateway().checkpoint(attempt.get().jobId()), CHECKPOINT_WITHIN_SECONDS);
        } catch (ManagedFlinkException e) {
            // Only time is lost: what came after the checkpoint before is processed again.
            LOG.debug("[{}] Job \"{}\" took no checkpoint before it is submitted again.", cluster, job.name(), e);
        }
    }

    boolean halt(ClusterJob job, boolean withSavepoint) {
        JobGateway gateway = job.gateway();
        JobAttempt attempt = job.attempt().orElseThrow();
        endings.hold(attempt);
        try {
            if (withSavepoint) {
                String unused = await(
                        job,
                        "stop with savepoint",
                        job.client().stopWithSavepoint(false, null, SavepointFormatType.CANONICAL),
                        HALTED_WITHIN_SECONDS);
            } else {
                Void unused = await(job, "cancel", job.client().cancel(), HALTED_WITHIN_SECONDS);
            }
            JobEnd end = await(job, "end", gateway.whenEnded(attempt.jobId()), HALTED_WITHIN_SECONDS);
            if (end.status() != (withSavepoint ? JobStatus.FINISHED : JobStatus.CANCELED)) {
                endings.release(job, attempt, gateway);
                return false;
            }
        } catch (ManagedFlinkException e) {
            endings.release(job, attempt, gateway);
            throw e;
        }
        job.halted(attempt);
        return true;
    }

    private <T> T await(ClusterJob job, String what, CompletableFuture<T> answer, int seconds) {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failed(job, what, Failures.rootCause(e), e);
        } catch (TimeoutException e) {
            throw failed(job, what, "no answer within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(job, what, "interrupted", e);
        }
    }

    private ManagedFlinkException failed(ClusterJob job, String what, String reason, Exception cause) {
        return new ManagedFlinkException(
                Code.UNAVAILABLE,
                cluster.value(),
                "job \"" + job.name() + "\", " + what + ": failed (expected: done). It goes on; try again when all of "
                        + "it runs: " + reason,
                cause);
    }
}
