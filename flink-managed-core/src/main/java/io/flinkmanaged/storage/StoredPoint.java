package io.flinkmanaged.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A checkpoint or savepoint that was completed, as the storage shows it.
 *
 * @param directory its directory, relative to the location
 * @param uri its directory, as Flink takes it
 * @param checkpointId Flink's number of it; empty if it cannot be told any more
 * @param kind what it is
 * @param incremental whether it is a checkpoint that shares files with others
 * @param completedAt when its metadata was written, by the storage's clock
 * @param files how many files it consists of, the metadata among them
 * @param bytes how long they are together; a file that several points share counts in each
 * @param inside the files it consists of, relative to the location, the metadata first
 * @param outside the files it consists of that are not below the location, as Flink names them
 * @param absolute whether the metadata names files by their absolute paths, so that a copy would name the originals
 * @param completeness what is known of its files
 * @param defect the first thing that is wrong, unless it is complete
 */
public record StoredPoint(
        String directory,
        String uri,
        OptionalLong checkpointId,
        PointKind kind,
        boolean incremental,
        Instant completedAt,
        long files,
        long bytes,
        List<String> inside,
        List<String> outside,
        boolean absolute,
        Completeness completeness,
        Optional<String> defect) {

    /** Keeps copies. */
    public StoredPoint {
        inside = List.copyOf(inside);
        outside = List.copyOf(outside);
    }

    /** Returns whether a job can start from it. */
    public boolean isComplete() {
        return completeness == Completeness.COMPLETE;
    }
}
