package io.flinkmanaged.testkit.simulation;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.jspecify.annotations.Nullable;

/** Flink's client of a simulated job; a simulated job has no accumulators. */
record SimulatedJobClient(JobID jobId, SimulatedJobs jobs) implements JobClient {

    @Override
    public JobID getJobID() {
        return jobId;
    }

    @Override
    public CompletableFuture<JobStatus> getJobStatus() {
        return jobs.observe(jobId).thenApply(job -> job.status());
    }

    @Override
    public CompletableFuture<Void> cancel() {
        return jobs.cancel(jobId);
    }

    @Override
    public CompletableFuture<String> stopWithSavepoint(
            boolean advanceToEndOfEventTime, @Nullable String savepointDirectory, SavepointFormatType formatType) {
        return jobs.savepoint(jobId, Optional.ofNullable(savepointDirectory), true);
    }

    @Override
    public CompletableFuture<String> triggerSavepoint(
            @Nullable String savepointDirectory, SavepointFormatType formatType) {
        return jobs.savepoint(jobId, Optional.ofNullable(savepointDirectory), false);
    }

    @Override
    public CompletableFuture<Map<String, Object>> getAccumulators() {
        return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
        return jobs.whenEnded(jobId).thenApply(end -> new JobExecutionResult(jobId, 0, Map.of()));
    }
}
