package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.StateFileNearLimit;
import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.storage.StateFileLimits;
import io.flinkmanaged.storage.StoredFile;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells, once an attempt, when a state file of a running job comes near the longest that its storage takes. Beyond that its
 * checkpoints fail and the job works on without them, so that a loss costs ever more.
 *
 * <p>Looks at the files of the newest checkpoint as the storage lists them: one request after a minute, then ever more
 * rarely, down to one in five minutes; none where the storage has no limit. Files that several checkpoints share are left
 * out: RocksDB makes them of 64 MiB. A savepoint is longer, and is not foreseen.
 */
final class StateFileWatch {

    private static final BackOff PAUSES = new BackOff(Duration.ofMinutes(1), Duration.ofMinutes(5));

    /** In percent of the limit: early enough to rescale a job whose state grows by a fourth. */
    private static final int NEAR = 80;

    private final JobStore store;
    private final ClusterServices services;
    private final CheckpointLooks looks;

    StateFileWatch(JobStore store, ClusterServices services) {
        this.store = store;
        this.services = services;
        this.looks = new CheckpointLooks(services.time(), PAUSES);
    }

    /** Begins to watch an accepted attempt, if there is a limit. */
    void watch(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        store.stateFileLimits()
                .ifPresent(limits -> looks.begin(job, attempt, gateway, newest -> toldOf(attempt, newest, limits)));
    }

    private boolean toldOf(JobAttempt attempt, long checkpoint, StateFileLimits limits) {
        Optional<StoredFile> near = store.longestStateFile(attempt, checkpoint)
                .filter(file -> file.bytes() >= limits.largest().getBytes() / 100 * NEAR);
        near.ifPresent(file -> services.events()
                .accept(new StateFileNearLimit(
                        store.cluster().value(),
                        services.time().now(),
                        attempt.job().value(),
                        store.uriOf(file),
                        file.bytes(),
                        limits.largest().getBytes(),
                        limits.reason())));
        return near.isPresent();
    }
}
