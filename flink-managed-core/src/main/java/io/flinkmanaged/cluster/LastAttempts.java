package io.flinkmanaged.cluster;

import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.storage.StorageException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last attempt of each job: as the storage shows it, which must not be less than what this process has begun itself.
 * Thread-safe.
 */
final class LastAttempts {

    private final JobStore store;
    private final Map<JobName, AttemptId> begun = new ConcurrentHashMap<>();

    LastAttempts(JobStore store) {
        this.store = store;
    }

    /** Writes the record of an attempt. */
    void begin(JobAttempt attempt) {
        store.begin(attempt);
        begun.put(attempt.job(), attempt.id());
    }

    /**
     * Returns a job's last attempt.
     *
     * @throws StorageException if the storage does not show what this process has begun: it was emptied, or is not mounted
     */
    Optional<JobAttempt> of(JobName job) {
        Optional<JobAttempt> last = store.lastAttempt(job.pathSegment());
        AttemptId known = begun.get(job);
        if (known != null
                && last.filter(shown -> shown.id().compareTo(known) >= 0).isEmpty()) {
            throw new StorageException(
                    "job \"" + job + "\": its last attempt in the storage is "
                            + last.map(shown -> shown.id().toString()).orElse("none") + " (expected: " + known
                            + ", begun by this process). The storage was emptied, or is not mounted: bring its content "
                            + "back. Nothing is started from less.",
                    null);
        }
        return last;
    }
}
