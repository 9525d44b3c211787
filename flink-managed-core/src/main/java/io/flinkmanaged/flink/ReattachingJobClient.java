package io.flinkmanaged.flink;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationRequestGateway;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.jspecify.annotations.Nullable;

/**
 * A client of a job through all its attempts: each call goes to the attempt that is current then.
 *
 * <p>It takes coordination requests too, so {@code executeAndCollect} works as with any other environment.
 */
final class ReattachingJobClient implements JobClient, CoordinationRequestGateway {

    private final JobID firstId;
    private final Supplier<JobClient> current;
    private final Supplier<String> savepoints;
    private final Supplier<CompletableFuture<Void>> beforeCancel;
    private final Supplier<CompletableFuture<Void>> beforeStop;
    private final CompletableFuture<JobExecutionResult> result;

    /**
     * Creates a client.
     *
     * @param firstId the id that this client goes by, although a later attempt has another
     * @param current returns the client of the current attempt
     * @param savepoints returns where savepoints of the current attempt go if the caller names no place
     * @param beforeCancel what is done before each cancel
     * @param beforeStop what is done before each stop with savepoint
     * @param result the result of the last attempt
     */
    ReattachingJobClient(
            JobID firstId,
            Supplier<JobClient> current,
            Supplier<String> savepoints,
            Supplier<CompletableFuture<Void>> beforeCancel,
            Supplier<CompletableFuture<Void>> beforeStop,
            CompletableFuture<JobExecutionResult> result) {
        this.firstId = firstId;
        this.current = current;
        this.savepoints = savepoints;
        this.beforeCancel = beforeCancel;
        this.beforeStop = beforeStop;
        this.result = result;
    }

    @Override
    public JobID getJobID() {
        return firstId;
    }

    @Override
    public CompletableFuture<JobStatus> getJobStatus() {
        return current.get().getJobStatus();
    }

    @Override
    public CompletableFuture<Void> cancel() {
        return beforeCancel.get().thenCompose(unused -> current.get().cancel());
    }

    @Override
    public CompletableFuture<String> stopWithSavepoint(
            boolean advanceToEndOfEventTime, @Nullable String savepointDirectory, SavepointFormatType formatType) {
        return beforeStop.get().thenCompose(unused -> current.get()
                .stopWithSavepoint(advanceToEndOfEventTime, place(savepointDirectory), formatType));
    }

    @Override
    public CompletableFuture<String> triggerSavepoint(
            @Nullable String savepointDirectory, SavepointFormatType formatType) {
        return current.get().triggerSavepoint(place(savepointDirectory), formatType);
    }

    private String place(@Nullable String named) {
        return named == null ? savepoints.get() : named;
    }

    @Override
    public CompletableFuture<Map<String, Object>> getAccumulators() {
        return current.get().getAccumulators();
    }

    @Override
    public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
        return result;
    }

    @Override
    public CompletableFuture<CoordinationResponse> sendCoordinationRequest(
            String operatorUid, CoordinationRequest request) {
        if (current.get() instanceof CoordinationRequestGateway gateway) {
            return gateway.sendCoordinationRequest(operatorUid, request);
        }
        return CompletableFuture.failedFuture(
                new IllegalStateException("The launcher's job client takes no coordination requests."));
    }
}
