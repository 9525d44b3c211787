package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Sees that an attempt completes its first checkpoint, and leaves a note of it beside the attempt: should all its
 * checkpoints vanish later, the job is not taken for one that never had state.
 *
 * <p>Asks after one second, then ever more rarely, down to once a minute, until there is a checkpoint or the attempt is
 * over. A job that ends within a second costs nothing.
 */
final class CheckpointWitness {

    private static final BackOff PAUSES = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final JobStore store;
    private final TimeSource time;

    CheckpointWitness(JobStore store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /** Begins to watch an accepted attempt. */
    void watch(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        askLater(new Watched(job, attempt, gateway), 1);
    }

    private void askLater(Watched watched, int asked) {
        TimeSource.Cancellable unused = time.delay(PAUSES.after(asked), () -> ask(watched, asked));
    }

    private void ask(Watched watched, int asked) {
        if (watched.isOver()) {
            return;
        }
        CompletableFuture<Void> unused = watched.gateway()
                .progress(watched.attempt().jobId())
                .handle((progress, failure) -> {
                    if (failure == null && progress.latestCompleted().isPresent()) {
                        time.blocking().execute(() -> note(watched, asked));
                    } else {
                        askLater(watched, asked + 1);
                    }
                    return null;
                });
    }

    private void note(Watched watched, int asked) {
        try {
            store.noteCheckpoint(watched.attempt(), time.now());
        } catch (RuntimeException e) {
            // The storage does not answer now. The checkpoint is there all the same; the note of it can wait.
            askLater(watched, asked + 1);
        }
    }

    private record Watched(ClusterJob job, JobAttempt attempt, JobGateway gateway) {

        boolean isOver() {
            return job.hasEnded() || !job.isCurrent(attempt);
        }
    }
}
