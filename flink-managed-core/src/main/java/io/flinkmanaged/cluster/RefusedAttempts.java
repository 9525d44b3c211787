package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;

/**
 * First attempts that Flink refused. Whoever submitted the job was told so: no epoch submits it by itself, also while the storage
 * does not take that it never started. Thread-safe.
 */
final class RefusedAttempts {

    private static final Duration RECORD_AGAIN_AFTER = Duration.ofSeconds(5);

    private final JobStore store;
    private final ClusterServices services;
    private final Closing closing;
    private final Set<JobID> unrecorded = ConcurrentHashMap.newKeySet();

    RefusedAttempts(JobStore store, ClusterServices services, Closing closing) {
        this.store = store;
        this.services = services;
        this.closing = closing;
    }

    /** Records that one never started; if that fails, the refusal says so, and it is tried again until the cluster is closed. */
    void record(JobAttempt attempt, JobRefusedException refusal) {
        unrecorded.add(attempt.jobId());
        try {
            write(attempt);
        } catch (RuntimeException e) {
            refusal.addSuppressed(e);
            recordLater(attempt);
        }
    }

    /** Returns whether one was refused, and that is not recorded yet. */
    boolean contains(JobAttempt attempt) {
        return unrecorded.contains(attempt.jobId());
    }

    private void recordLater(JobAttempt attempt) {
        TimeSource.Cancellable unused = services.time()
                .delay(RECORD_AGAIN_AFTER, () -> services.time().blocking().execute(() -> recordAgain(attempt)));
    }

    private void recordAgain(JobAttempt attempt) {
        try {
            write(attempt);
        } catch (RuntimeException e) {
            services.events()
                    .accept(new OperationFailed(
                            store.cluster().value(),
                            services.time().now(),
                            "recording that job \"" + attempt.job() + "\" was refused",
                            String.valueOf(e.getMessage())));
            if (!closing.hasBegun()) {
                recordLater(attempt);
            }
        }
    }

    private void write(JobAttempt attempt) {
        store.end(attempt, AttemptEnd.of(Kind.NOT_STARTED));
        unrecorded.remove(attempt.jobId());
    }
}
