package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.model.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;

/**
 * Looks at an attempt's newest checkpoint again and again, ever more rarely, until somebody has seen enough or the attempt is
 * over. A job that ends before the first look costs nothing.
 */
final class CheckpointLooks {

    private final TimeSource time;
    private final BackOff pauses;

    CheckpointLooks(TimeSource time, BackOff pauses) {
        this.time = time;
        this.pauses = pauses;
    }

    /**
     * Begins to look at an accepted attempt.
     *
     * @param enough takes the number of the newest completed checkpoint, on a thread that may block; answers whether it has
     *     seen enough. What it throws counts as "not yet"
     */
    void begin(ClusterJob job, JobAttempt attempt, JobGateway gateway, LongPredicate enough) {
        askLater(new Watched(job, attempt, gateway, enough), 1);
    }

    private void askLater(Watched watched, int asked) {
        TimeSource.Cancellable unused = time.delay(pauses.after(asked), () -> ask(watched, asked));
    }

    private void ask(Watched watched, int asked) {
        if (watched.isOver()) {
            return;
        }
        CompletableFuture<Void> unused = watched.gateway()
                .progress(watched.attempt().jobId())
                .handle((progress, failure) -> {
                    if (failure == null && progress.latestCompleted().isPresent()) {
                        long newest = progress.latestCompleted().get();
                        time.blocking().execute(() -> look(watched, newest, asked));
                    } else {
                        askLater(watched, asked + 1);
                    }
                    return null;
                });
    }

    private void look(Watched watched, long newest, int asked) {
        boolean enough = false;
        try {
            enough = watched.enough().test(newest);
        } catch (RuntimeException e) {
            // The storage does not answer now; the checkpoint is there all the same, and the look can wait.
            enough = false;
        }
        if (!enough) {
            askLater(watched, asked + 1);
        }
    }

    private record Watched(ClusterJob job, JobAttempt attempt, JobGateway gateway, LongPredicate enough) {

        boolean isOver() {
            return job.hasEnded() || !job.isCurrent(attempt);
        }
    }
}
