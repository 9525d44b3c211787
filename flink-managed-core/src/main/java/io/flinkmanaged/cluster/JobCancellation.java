package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Deadline;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Has a job that is to be cancelled stay so, whatever is lost before it is. Any thread. */
final class JobCancellation {

    /** Flink has cancelled what it can cancel by then. */
    private static final Duration INSISTS_AFTER = Duration.ofSeconds(5);

    private final JobStore store;
    private final ClusterServices services;
    private final TimeSource time;

    JobCancellation(JobStore store, ClusterServices services) {
        this.store = store;
        this.services = services;
        this.time = services.time();
    }

    /** Records the wish, before Flink is asked; a storage that does not take it keeps nobody from cancelling. */
    CompletableFuture<Void> note(ClusterJob job) {
        return CompletableFuture.runAsync(
                () -> job.attempt().filter(unused -> !job.hasEnded()).ifPresent(this::note), time.blocking());
    }

    private void note(JobAttempt attempt) {
        try {
            store.notes().noteCancel(attempt, time.now());
        } catch (RuntimeException e) {
            services.events()
                    .accept(new OperationFailed(
                            store.cluster().value(),
                            time.now(),
                            "recording that job \"" + attempt.job() + "\" is to be cancelled",
                            String.valueOf(e.getMessage())));
        }
    }

    /** Goes on asking Flink until the job has ended, for a time; returns the job's end, whatever it is. */
    CompletableFuture<JobEnd> insist(ClusterJob job, Duration atMost) {
        TimeSource.Cancellable unused = time.delay(INSISTS_AFTER, () -> {
            CompletableFuture<Void> unusedAsked = Polling.until(
                    time,
                    INSISTS_AFTER,
                    atMost,
                    () -> job.hasEnded()
                            ? CompletableFuture.completedFuture(true)
                            : Deadline.within(time, INSISTS_AFTER, askAgain(job))
                                    .handle((asked, failure) -> job.hasEnded()));
        });
        return job.whenEnded();
    }

    private static CompletableFuture<Void> askAgain(ClusterJob job) {
        try {
            return job.client().cancel();
        } catch (RuntimeException e) {
            // No epoch of it runs now; the next one does not begin it again.
            return CompletableFuture.failedFuture(e);
        }
    }
}
