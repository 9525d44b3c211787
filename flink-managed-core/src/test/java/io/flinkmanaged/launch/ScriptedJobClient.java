package io.flinkmanaged.launch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.jspecify.annotations.Nullable;

/** A client that can cancel and stop, and nothing else. */
record ScriptedJobClient(
        JobID jobId,
        Function<JobID, CompletableFuture<Void>> whenCancelled,
        Supplier<CompletableFuture<String>> whenStopped)
        implements JobClient {

    @Override
    public JobID getJobID() {
        return jobId;
    }

    @Override
    public CompletableFuture<Void> cancel() {
        return whenCancelled.apply(jobId);
    }

    @Override
    public CompletableFuture<JobStatus> getJobStatus() {
        return notScripted();
    }

    @Override
    public CompletableFuture<String> stopWithSavepoint(
            boolean advanceToEndOfEventTime, @Nullable String savepointDirectory, SavepointFormatType formatType) {
        return whenStopped.get();
    }

    @Override
    public CompletableFuture<String> triggerSavepoint(
            @Nullable String savepointDirectory, SavepointFormatType formatType) {
        return notScripted();
    }

    @Override
    public CompletableFuture<Map<String, Object>> getAccumulators() {
        return notScripted();
    }

    @Override
    public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
        return notScripted();
    }

    private static <T> CompletableFuture<T> notScripted() {
        return CompletableFuture.failedFuture(
                new IllegalStateException("A scripted cluster's client can only cancel and stop."));
    }
}
