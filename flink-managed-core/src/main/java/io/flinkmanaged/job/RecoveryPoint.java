package io.flinkmanaged.job;

import io.flinkmanaged.storage.Completeness;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.StoredPoint;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.flink.configuration.MemorySize;

/**
 * A retained checkpoint or savepoint of a job, as the state storage shows it. A job starts from it with
 * {@link StartingPoint#at StartingPoint.at(point.uri())}.
 *
 * <p>Later ones are greater: by epoch, attempt and checkpoint id, never by a clock.
 *
 * @param attempt the epoch and the attempt that took it
 * @param checkpointId Flink's number of it, which counts on in each attempt; empty if it cannot be told any more
 * @param kind what it is
 * @param incremental whether it is a checkpoint that shares files with others of its attempt
 * @param uri its directory, as Flink takes it
 * @param completedAt when it was completed, by the storage's clock; for people
 * @param files how many files it consists of, its metadata among them
 * @param size how long they are together; a file that several points share counts in each
 * @param completeness whether every file of it is there, as long as it must be
 * @param defect the first thing that is wrong with it; empty if it is complete
 */
public record RecoveryPoint(
        AttemptId attempt,
        OptionalLong checkpointId,
        PointKind kind,
        boolean incremental,
        String uri,
        Instant completedAt,
        long files,
        MemorySize size,
        Completeness completeness,
        Optional<String> defect)
        implements Comparable<RecoveryPoint> {

    private static final Comparator<RecoveryPoint> ORDER = Comparator.comparing(RecoveryPoint::attempt)
            .thenComparingLong(point -> point.checkpointId().orElse(-1))
            .thenComparing(RecoveryPoint::uri);

    static RecoveryPoint of(AttemptId attempt, StoredPoint point) {
        return new RecoveryPoint(
                attempt,
                point.checkpointId(),
                point.kind(),
                point.incremental(),
                point.uri(),
                point.completedAt(),
                point.files(),
                new MemorySize(point.bytes()),
                point.completeness(),
                point.defect());
    }

    /** Returns whether a job can start from it. */
    public boolean isComplete() {
        return completeness == Completeness.COMPLETE;
    }

    @Override
    public int compareTo(RecoveryPoint other) {
        return ORDER.compare(this, other);
    }
}
