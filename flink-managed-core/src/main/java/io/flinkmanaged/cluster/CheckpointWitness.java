package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;

/**
 * Sees that an attempt completes its first checkpoint, and leaves a note of it beside the attempt: should all its
 * checkpoints vanish later, the job is not taken for one that never had state.
 *
 * <p>Asks after one second, then ever more rarely, down to once a minute, until there is a checkpoint or the attempt is
 * over.
 */
final class CheckpointWitness {

    private static final BackOff PAUSES = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final JobStore store;
    private final TimeSource time;
    private final CheckpointLooks looks;

    CheckpointWitness(JobStore store, TimeSource time) {
        this.store = store;
        this.time = time;
        this.looks = new CheckpointLooks(time, PAUSES);
    }

    /** Begins to watch an accepted attempt. */
    void watch(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        looks.begin(job, attempt, gateway, newest -> {
            store.notes().noteCheckpoint(attempt, time.now());
            return true;
        });
    }
}
