package io.flinkmanaged.job;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A job as the state storage shows it, looked at once.
 *
 * @param segment the job's name as a segment of a path
 * @param attempts its attempts, the oldest first
 * @param last the record of the last one that has one
 * @param lastEnd how that one ended; empty if it has not, or was lost with its epoch
 */
public record StoredJob(
        String segment, List<StoredAttempt> attempts, Optional<JobAttempt> last, Optional<AttemptEnd> lastEnd) {

    /** Keeps a copy, in order. */
    public StoredJob {
        attempts = attempts.stream()
                .sorted(Comparator.comparing(StoredAttempt::id))
                .toList();
    }

    /** Returns its checkpoints and savepoints, the oldest first. */
    public List<RecoveryPoint> points() {
        return attempts.stream()
                .flatMap(attempt -> attempt.recoveryPoints().stream())
                .sorted()
                .toList();
    }
}
