package io.flinkmanaged;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.flink.JobClients;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * A job of a cluster, by its name: the same object through restarts, lost TaskManagers and new epochs. Thread-safe.
 *
 * <p>A blocking call throws {@link ManagedFlinkException} with {@link Code#TIMEOUT} when its time is up.
 */
public final class ManagedJob {

    private static final Duration COMMAND = Duration.ofMinutes(10);
    private static final Duration QUESTION = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Cluster cluster;
    private final ClusterJob job;
    private final TimeSource time;

    ManagedJob(Cluster cluster, ClusterJob job, TimeSource time) {
        this.cluster = cluster;
        this.job = job;
        this.time = time;
    }

    /** Returns the job's name. */
    public String name() {
        return job.name().value();
    }

    /**
     * Returns Flink's id of the current attempt; another attempt has another.
     *
     * @throws ManagedFlinkException if the job waits for its cluster to recover and was not submitted by this process
     */
    public JobID jobId() {
        return attempt().jobId();
    }

    /** Returns which attempt is current: its epoch, and its number there. */
    public AttemptId attemptId() {
        return attempt().id();
    }

    /** Returns the checkpoint or savepoint that the current attempt started from; empty for an empty state. */
    public Optional<String> startingPoint() {
        return attempt().startingPoint();
    }

    /** Returns Flink's word for the job's state; blocks for at most 30 seconds. */
    public JobStatus status() {
        CompletableFuture<JobEnd> end = job.whenEnded();
        if (end.isDone() && !end.isCompletedExceptionally()) {
            return end.join().status();
        }
        return ask("status", () -> job.client().getJobStatus(), QUESTION);
    }

    /** Returns how far the current attempt's checkpoints have come; blocks for at most 30 seconds. */
    public JobProgress progress() {
        return ask("progress", () -> job.gateway().progress(jobId()), QUESTION);
    }

    /**
     * Returns an ordinary job client, which follows the job into later attempts but keeps the id of the current one.
     */
    public JobClient client() {
        return JobClients.following(
                jobId(), job::client, this::savepoints, this::noteCancel, this::noteStop, job.whenResult());
    }

    /**
     * Waits until every task of the job runs, or the job has finished.
     *
     * @param atMost how long to wait
     * @throws JobFailedException if the job has failed or was cancelled
     */
    public void awaitRunning(Duration atMost) {
        ask("running", () -> Polling.until(time, PAUSE, atMost, this::runsOrHasEnded), atMost);
        if (job.hasEnded()) {
            requireFinished(ask("end", job::whenEnded, QUESTION));
        }
    }

    /**
     * Waits until the job has finished.
     *
     * @param atMost how long to wait
     * @return Flink's result, with the accumulators
     * @throws JobFailedException if the job has failed or was cancelled
     */
    public JobExecutionResult awaitFinished(Duration atMost) {
        requireFinished(ask("finished", job::whenEnded, atMost));
        return ask("result", job::whenResult, QUESTION);
    }

    /**
     * Cancels the job and waits for its end; its checkpoints stay. A job that has ended stays as it is. The wish is recorded
     * first: a job that is to be cancelled is not continued after the loss of its epoch.
     */
    public void cancel() {
        if (job.hasEnded()) {
            return;
        }
        Void unusedNote = ask("cancel", this::noteCancel, COMMAND);
        Void unused = ask("cancel", () -> job.client().cancel(), COMMAND);
        JobEnd unusedEnd = ask("cancelled", () -> cluster.jobs().insistOnCancel(job, COMMAND), COMMAND);
    }

    private String savepoints() {
        return cluster.jobs().savepointsUri(job);
    }

    /**
     * Takes a savepoint and goes on.
     *
     * @return its path
     */
    public String savepoint() {
        return ask(
                "savepoint", () -> job.client().triggerSavepoint(savepoints(), SavepointFormatType.CANONICAL), COMMAND);
    }

    /**
     * Stops the job with a savepoint, from which the next submission of its name starts.
     *
     * @return its path
     */
    public String stopWithSavepoint() {
        Void unusedNote = ask("stop with savepoint", this::noteStop, COMMAND);
        String path = ask(
                "stop with savepoint",
                () -> job.client().stopWithSavepoint(false, savepoints(), SavepointFormatType.CANONICAL),
                COMMAND);
        JobEnd unused = ask("stopped", job::whenEnded, COMMAND);
        return path;
    }

    /** Returns the job's and its cluster's name. */
    @Override
    public String toString() {
        return "ManagedJob[" + name() + " in " + cluster.spec().name() + "]";
    }

    private CompletableFuture<Void> noteCancel() {
        return cluster.jobs().noteCancel(job);
    }

    private CompletableFuture<Void> noteStop() {
        return cluster.jobs().noteStop(job);
    }

    private JobAttempt attempt() {
        return job.attempt()
                .orElseThrow(() -> new ManagedFlinkException(
                        Code.UNAVAILABLE,
                        clusterName(),
                        "job \"" + name() + "\": waits for its cluster to recover (expected: submitted). "
                                + "Wait with awaitRunning(…).",
                        null));
    }

    private CompletableFuture<Boolean> runsOrHasEnded() {
        Optional<JobAttempt> attempt = job.attempt();
        if (job.hasEnded() || attempt.isEmpty()) {
            return CompletableFuture.completedFuture(job.hasEnded());
        }
        return job.gateway()
                .observe(attempt.get().jobId())
                .thenApply(JobObservation::allTasksRun)
                // No answer is no "yes": the epoch may be lost, and the job comes back in the next one.
                .exceptionally(failure -> false);
    }

    private void requireFinished(JobEnd end) {
        if (end.status() != JobStatus.FINISHED) {
            Throwable cause = end.cause().orElse(null);
            throw new JobFailedException(
                    clusterName(),
                    "job \"" + name() + "\": " + end.status() + " (expected: FINISHED)."
                            + (cause == null ? "" : " " + Failures.rootCause(cause)),
                    end.status(),
                    cause);
        }
    }

    private <T> T ask(String what, Supplier<CompletableFuture<T>> question, Duration atMost) {
        String subject = "job \"" + name() + "\", " + what;
        CompletableFuture<T> answer;
        try {
            answer = question.get();
        } catch (IllegalStateException e) {
            // How Flink says that there is nobody to ask.
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    clusterName(),
                    subject + ": no epoch of its cluster answers (expected: running). Call again when it is healthy.",
                    e);
        }
        return Waiting.await(clusterName(), subject, answer, atMost, () -> "not so");
    }

    private String clusterName() {
        return cluster.spec().name().value();
    }
}
