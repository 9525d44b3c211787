package io.flinkmanaged.flink;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.JobClient;

/** Job clients of ours. */
public final class JobClients {

    private JobClients() {}

    /**
     * Returns a client that follows a job through its attempts: each call goes to the attempt that is current then.
     *
     * <p>It takes coordination requests too, so {@code executeAndCollect} works as with any other environment.
     *
     * @param firstId the id that the client goes by, although a later attempt has another
     * @param current returns the client of the current attempt
     * @param savepoints returns where savepoints of the current attempt go if the caller names no place: over REST, Flink
     *     does not look into the job's own configuration for it
     * @param beforeCancel what is done before each cancel; a cancel goes on when it has completed
     * @param beforeStop what is done before each stop with savepoint, likewise
     * @param result the result of the last attempt
     */
    public static JobClient following(
            JobID firstId,
            Supplier<JobClient> current,
            Supplier<String> savepoints,
            Supplier<CompletableFuture<Void>> beforeCancel,
            Supplier<CompletableFuture<Void>> beforeStop,
            CompletableFuture<JobExecutionResult> result) {
        return new ReattachingJobClient(firstId, current, savepoints, beforeCancel, beforeStop, result);
    }
}
