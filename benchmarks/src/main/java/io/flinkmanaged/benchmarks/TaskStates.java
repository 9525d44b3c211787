package io.flinkmanaged.benchmarks;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.messages.webmonitor.JobDetails;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.rpc.RpcUtils;

/**
 * Asks a raw {@code MiniCluster} what {@code ManagedJob.awaitRunning} asks: the dispatcher's summary of a job's tasks,
 * every 2 ms.
 *
 * <p>What {@code MiniCluster} offers itself is a copy of the whole execution graph; it costs more, and would make the
 * other side look slow. The gateway is protected, so it is taken by reflection.
 */
final class TaskStates {

    private static final Executor AFTER_A_PAUSE =
            CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS, Runnable::run);

    private TaskStates() {}

    static void awaitRunning(MiniCluster cluster, JobID jobId) throws Exception {
        DispatcherGateway dispatcher = dispatcherOf(cluster);
        await("job " + jobId + " running", () -> allTasksRun(dispatcher, jobId));
    }

    /** Waits until something is so, and looks every 2 ms. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(what + ": not so after " + Patience.LIMIT);
            }
            Void unused = Patience.await(CompletableFuture.runAsync(() -> {}, AFTER_A_PAUSE));
        }
    }

    // Flink indexes the counts by ordinal: JobDetails.getTasksPerState.
    @SuppressWarnings("EnumOrdinal")
    private static boolean allTasksRun(DispatcherGateway dispatcher, JobID jobId) throws Exception {
        for (JobDetails job : Patience.await(dispatcher.requestMultipleJobDetails(RpcUtils.INF_TIMEOUT))
                .getJobs()) {
            if (job.getJobId().equals(jobId)) {
                return job.getNumTasks() > 0
                        && job.getTasksPerState()[ExecutionState.RUNNING.ordinal()] == job.getNumTasks();
            }
        }
        return false;
    }

    private static DispatcherGateway dispatcherOf(MiniCluster cluster) throws Exception {
        Method gateway = MiniCluster.class.getDeclaredMethod("getDispatcherGatewayFuture");
        gateway.setAccessible(true);
        return (DispatcherGateway) Patience.await((Future<?>) gateway.invoke(cluster));
    }
}
