package io.flinkmanaged.job;

import io.flinkmanaged.storage.StoredFile;
import io.flinkmanaged.storage.StoredPoint;
import java.util.List;

/**
 * One attempt of a job as the state storage shows it, looked at once.
 *
 * @param id which attempt it is
 * @param recorded whether there is a record of its beginning
 * @param ended whether there is a record of its end
 * @param files every file in its directory: records, checkpoints, shared and task-owned state, savepoints
 * @param points its checkpoints and savepoints that were completed
 */
public record StoredAttempt(
        AttemptId id, boolean recorded, boolean ended, List<StoredFile> files, List<StoredPoint> points) {

    /** Keeps copies. */
    public StoredAttempt {
        files = List.copyOf(files);
        points = List.copyOf(points);
    }

    /** Returns the points as a job can start from them, in no order. */
    public List<RecoveryPoint> recoveryPoints() {
        return points.stream().map(point -> RecoveryPoint.of(id, point)).toList();
    }
}
