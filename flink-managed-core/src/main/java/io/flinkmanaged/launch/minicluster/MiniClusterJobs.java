package io.flinkmanaged.launch.minicluster;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.launch.JobSubmission;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.flink.api.common.ApplicationID;
import org.apache.flink.api.common.ApplicationState;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.application.SingleJobApplication;
import org.apache.flink.runtime.blob.BlobClient;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.checkpoint.RestoredCheckpointStats;
import org.apache.flink.runtime.client.ClientUtils;
import org.apache.flink.runtime.client.DuplicateApplicationSubmissionException;
import org.apache.flink.runtime.client.DuplicateJobSubmissionException;
import org.apache.flink.runtime.client.JobSubmissionException;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.messages.webmonitor.JobDetails;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.rpc.RpcUtils;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;
import org.apache.flink.streaming.api.graph.ExecutionPlan;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;

/** The jobs of an in-process cluster, reached by calls to its dispatcher instead of by REST. */
final class MiniClusterJobs implements JobGateway {

    /** Flink deserializes the user's objects before it answers, and they may take their time. */
    private static final Duration SUBMISSION_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration RPC_TIMEOUT = Duration.ofSeconds(30);

    private final SessionMiniCluster cluster;
    private final Configuration configuration;

    MiniClusterJobs(SessionMiniCluster cluster, Configuration configuration) {
        this.cluster = cluster;
        this.configuration = configuration;
    }

    @Override
    public CompletableFuture<Void> submit(JobSubmission submission) {
        ExecutionPlan plan = submission
                .plan()
                .prepare(
                        submission.jobId(),
                        submission.name().value(),
                        submission.configuration(),
                        submission.onFlinkClassPath() ? List.of() : submission.jars(),
                        submission.recoveryPoint())
                .unwrap(ExecutionPlan.class);
        try {
            ClientUtils.extractAndUploadExecutionPlanFiles(plan, () -> new BlobClient(blobServer(), configuration));
        } catch (FlinkException | IllegalStateException e) {
            return CompletableFuture.failedFuture(refused(submission, e));
        }
        return ask(dispatcher -> dispatcher.submitApplication(new SingleJobApplication(plan), SUBMISSION_TIMEOUT))
                .thenCompose(accepted -> CompletableFuture.<Void>completedFuture(null))
                .exceptionallyCompose(failure -> notAccepted(submission, failure));
    }

    private CompletableFuture<Void> notAccepted(JobSubmission submission, Throwable failure) {
        if (isThere(failure, DuplicateApplicationSubmissionException.class)
                || isThere(failure, DuplicateJobSubmissionException.class)) {
            return confirmed(submission, failure);
        }
        return CompletableFuture.failedFuture(
                isThere(failure, JobSubmissionException.class)
                        ? refused(submission, failure)
                        : new CompletionException(failure));
    }

    /** Flink also calls a job a duplicate that it refused before, and of which nothing runs. */
    private CompletableFuture<Void> confirmed(JobSubmission submission, Throwable duplicate) {
        ApplicationID application =
                ApplicationID.fromHexString(submission.jobId().toHexString());
        return list().thenCompose(
                        jobs -> jobs.stream().anyMatch(job -> job.jobId().equals(submission.jobId()))
                                ? CompletableFuture.completedFuture(null)
                                : ask(dispatcher -> dispatcher.requestApplication(application, RPC_TIMEOUT))
                                        .thenCompose(known -> CompletableFuture.failedFuture(
                                                known.getApplicationStatus() == ApplicationState.FAILED
                                                        ? refused(submission, duplicate)
                                                        : new CompletionException(duplicate))));
    }

    @Override
    public CompletableFuture<JobEnd> whenEnded(JobID jobId) {
        return ask(dispatcher -> dispatcher.requestJobResult(jobId, RpcUtils.INF_TIMEOUT))
                .thenApply(this::endOf);
    }

    @Override
    public JobClient client(JobID jobId, ClassLoader classLoader) {
        return new MiniClusterJobClient(
                jobId, cluster, classLoader, MiniClusterJobClient.JobFinalizationBehavior.NOTHING);
    }

    @Override
    public CompletableFuture<Long> checkpoint(JobID jobId) {
        return ask(dispatcher ->
                dispatcher.triggerCheckpointAndGetCheckpointID(jobId, CheckpointType.CONFIGURED, CHECKPOINT_TIMEOUT));
    }

    @Override
    public CompletableFuture<JobObservation> observe(JobID jobId) {
        return list().thenApply(jobs -> jobs.stream()
                .filter(job -> job.jobId().equals(jobId))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("Flink does not know the job " + jobId)));
    }

    @Override
    public CompletableFuture<JobProgress> progress(JobID jobId) {
        return ask(dispatcher -> dispatcher.requestCheckpointStats(jobId, RPC_TIMEOUT))
                .thenApply(MiniClusterJobs::progressOf)
                .exceptionally(MiniClusterJobs::noneWhileInitializing);
    }

    @Override
    public CompletableFuture<List<JobFailure>> failures(JobID jobId) {
        return ask(dispatcher -> dispatcher.requestExecutionGraphInfo(jobId, RPC_TIMEOUT))
                .thenApply(job -> {
                    List<JobFailure> failures = new ArrayList<>();
                    for (RootExceptionHistoryEntry entry : job.getExceptionHistory()) {
                        failures.add(JobFailure.of(
                                Instant.ofEpochMilli(entry.getTimestamp()), entry.getExceptionAsString()));
                    }
                    Collections.reverse(failures);
                    return failures;
                });
    }

    /** Returns how often Flink renews what it tells by REST of the metrics of tasks. */
    Duration metricsRenewedEvery() {
        return configuration.get(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL);
    }

    CompletableFuture<List<JobObservation>> list() {
        return ask(dispatcher -> dispatcher.requestMultipleJobDetails(RPC_TIMEOUT))
                .thenApply(details -> details.getJobs().stream()
                        .map(MiniClusterJobs::observed)
                        .toList());
    }

    private static boolean isThere(Throwable failure, Class<? extends Throwable> type) {
        return ExceptionUtils.findThrowable(failure, type).isPresent();
    }

    private static JobRefusedException refused(JobSubmission submission, Throwable failure) {
        return new JobRefusedException(
                "job \"" + submission.name() + "\": refused (expected: accepted). Flink says: "
                        + Failures.rootCause(failure),
                failure);
    }

    private <T> CompletableFuture<T> ask(Function<DispatcherGateway, CompletableFuture<T>> question) {
        return cluster.dispatcher().thenCompose(question);
    }

    private InetSocketAddress blobServer() {
        return new InetSocketAddress(
                configuration.get(JobManagerOptions.BIND_HOST),
                cluster.getClusterInformation().getBlobServerPort());
    }

    // Flink indexes the counts by ordinal: JobDetails.getTasksPerState.
    @SuppressWarnings("EnumOrdinal")
    private static JobObservation observed(JobDetails details) {
        int[] tasks = details.getTasksPerState();
        return new JobObservation(
                details.getJobId(),
                details.getJobName(),
                details.getStatus(),
                details.getNumTasks(),
                tasks[ExecutionState.RUNNING.ordinal()] + tasks[ExecutionState.FINISHED.ordinal()],
                details.getCurrentExecutionAttempts().values().stream()
                        .flatMap(subtasks -> subtasks.values().stream())
                        .mapToInt(JobDetails.CurrentAttempts::getRepresentativeAttempt)
                        .sum());
    }

    private JobEnd endOf(JobResult result) {
        // Flink leaves the status out for a job that it only suspended: then this cluster is not its last word.
        JobStatus status = result.getJobStatus().orElseThrow(() -> new IllegalStateException("The job was suspended."));
        if (status == JobStatus.FAILED && cluster.isEnding()) {
            // Its tasks failed because the cluster took their TaskManagers away, which is not the job's end.
            throw new IllegalStateException("The job failed while its cluster was ending.");
        }
        return new JobEnd(status, result.getSerializedThrowable().map(Function.identity()));
    }

    /** Flink has no answer, rather than an empty one, until a job's master is set up. */
    private static JobProgress noneWhileInitializing(Throwable failure) {
        if (ExceptionUtils.findThrowable(failure, UnavailableDispatcherOperationException.class)
                .isPresent()) {
            return JobProgress.NONE;
        }
        throw new CompletionException(failure);
    }

    private static JobProgress progressOf(CheckpointStatsSnapshot stats) {
        CompletedCheckpointStats completed = stats.getHistory().getLatestCompletedCheckpoint();
        CompletedCheckpointStats savepoint = stats.getHistory().getLatestSavepoint();
        RestoredCheckpointStats restored = stats.getLatestRestoredCheckpoint();
        return new JobProgress(
                stats.getCounts().getNumberOfCompletedCheckpoints(),
                stats.getCounts().getNumberOfFailedCheckpoints(),
                Optional.ofNullable(completed).map(CompletedCheckpointStats::getCheckpointId),
                Optional.ofNullable(restored).map(RestoredCheckpointStats::getCheckpointId),
                Optional.ofNullable(savepoint)
                        .filter(taken -> taken.getProperties().isSynchronous())
                        // A job that failed between its savepoint and its stop goes on.
                        .filter(taken -> completed == null || completed.getCheckpointId() < taken.getCheckpointId())
                        .map(CompletedCheckpointStats::getExternalPath),
                Optional.ofNullable(completed).map(one -> Instant.ofEpochMilli(one.getLatestAckTimestamp())));
    }
}
