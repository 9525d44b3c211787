package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;

/** Waits for the ends of attempts, and records each before anybody is told. Thread-safe. */
final class JobEndings {

    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration RECORD_AGAIN_AFTER = Duration.ofSeconds(5);
    private static final int ANSWER_WITHIN_SECONDS = 10;

    private final ClusterName cluster;
    private final JobStore store;
    private final ClusterServices services;
    private final Set<Epoch> lettingGo = ConcurrentHashMap.newKeySet();

    JobEndings(ClusterName cluster, JobStore store, ClusterServices services) {
        this.cluster = cluster;
        this.store = store;
        this.services = services;
    }

    /** From now on, an end of an epoch's jobs is the cluster's doing: it does not count, unless they finished. */
    void letGo(Epoch epoch) {
        lettingGo.add(epoch);
    }

    /** Waits for an attempt's end, as long as it is the job's current one. */
    void watch(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        CompletableFuture<JobEnd> unused = gateway.whenEnded(attempt.jobId()).whenComplete((end, failure) -> {
            if (failure == null) {
                services.time().blocking().execute(() -> ended(job, attempt, gateway, end));
            } else if (job.isCurrent(attempt) && !job.hasEnded()) {
                // The epoch was lost, and the job gets another attempt; or an answer was, and the job still runs.
                TimeSource.Cancellable unusedRetry =
                        services.time().delay(ASK_AGAIN_AFTER, () -> watch(job, attempt, gateway));
            }
        });
    }

    private void ended(ClusterJob job, JobAttempt attempt, JobGateway gateway, JobEnd end) {
        boolean clustersDoing = lettingGo.contains(attempt.id().epoch()) && end.status() != JobStatus.FINISHED;
        if (clustersDoing || !job.isCurrent(attempt)) {
            return;
        }
        record(job, attempt, endOf(attempt, gateway, end));
        if (job.hasEnded()) {
            return;
        }
        services.events()
                .accept(new JobEnded(
                        cluster.value(),
                        services.time().now(),
                        job.name().value(),
                        attempt.jobId().toHexString(),
                        end.status().name(),
                        end.cause().map(Failures::rootCause)));
        job.ended(end, resultOf(job));
    }

    /** Writes the end, however long that takes: until then, a new epoch would run the job once more. */
    private void record(ClusterJob job, JobAttempt attempt, AttemptEnd end) {
        try {
            store.end(attempt, end);
        } catch (RuntimeException e) {
            services.events()
                    .accept(new OperationFailed(
                            cluster.value(),
                            services.time().now(),
                            "recording the end of job \"" + job.name() + "\"",
                            String.valueOf(e.getMessage())));
            TimeSource.Cancellable unused = services.time().delay(RECORD_AGAIN_AFTER, () -> services.time()
                    .blocking()
                    .execute(() -> record(job, attempt, end)));
        }
    }

    private static CompletableFuture<JobExecutionResult> resultOf(ClusterJob job) {
        try {
            return job.client().getJobExecutionResult();
        } catch (RuntimeException e) {
            // The epoch has gone in between; with it the accumulators.
            return CompletableFuture.failedFuture(e);
        }
    }

    private static AttemptEnd endOf(JobAttempt attempt, JobGateway gateway, JobEnd end) {
        if (end.status() == JobStatus.FAILED) {
            return AttemptEnd.of(Kind.FAILED);
        }
        if (end.status() == JobStatus.CANCELED) {
            return AttemptEnd.of(Kind.CANCELED);
        }
        // Whoever stopped it, by our call, Flink's client or REST: Flink knows the savepoint.
        Optional<String> savepoint = savepointOf(attempt, gateway);
        return savepoint.isPresent() ? new AttemptEnd(Kind.STOPPED, savepoint) : AttemptEnd.of(Kind.FINISHED);
    }

    private static Optional<String> savepointOf(JobAttempt attempt, JobGateway gateway) {
        try {
            return gateway.progress(attempt.jobId())
                    .get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)
                    .stoppedWith();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
