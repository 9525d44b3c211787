package io.flinkmanaged.launch;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.JobClient;

/** The door to the jobs of a running epoch. Thread-safe; futures complete on threads of Flink and must not be blocked. */
public interface JobGateway {

    /**
     * Submits a job. Idempotent: of two submissions with one id, Flink takes one, and both are answered alike.
     *
     * @param submission the job
     * @return completes when Flink has accepted it; fails with {@link JobRefusedException} if it certainly has not, with
     *     anything else if that is not known
     */
    CompletableFuture<Void> submit(JobSubmission submission);

    /**
     * Waits for a job's end.
     *
     * @param jobId an accepted job
     * @return completes when Flink has ended the job for good; fails with {@link JobForgottenException} if Flink answers and
     *     has certainly forgotten it, with anything else if the cluster is gone before
     */
    CompletableFuture<JobEnd> whenEnded(JobID jobId);

    /**
     * Returns Flink's own client of a job.
     *
     * @param jobId an accepted job
     * @param classLoader sees the classes of its accumulators
     */
    JobClient client(JobID jobId, ClassLoader classLoader);

    /**
     * Lets a job take a checkpoint.
     *
     * @param jobId an accepted job
     * @return completes with its number when it is complete; fails if the job cannot take one now
     */
    CompletableFuture<Long> checkpoint(JobID jobId);

    /**
     * Looks at a job.
     *
     * @param jobId an accepted job
     * @return what is seen of it; fails if the job is unknown or the cluster is gone
     */
    CompletableFuture<JobObservation> observe(JobID jobId);

    /**
     * Looks at a job's checkpoints.
     *
     * @param jobId an accepted job
     * @return how far they have come; fails if the job is unknown or the cluster is gone
     */
    CompletableFuture<JobProgress> progress(JobID jobId);

    /**
     * Looks at what a job failed of, as far as Flink remembers: the last 16 times by default, of its present JobManager.
     *
     * @param jobId an accepted job
     * @return the newest first; fails if the job is unknown or the cluster is gone
     */
    CompletableFuture<List<JobFailure>> failures(JobID jobId);
}
