package io.flinkmanaged.storage;

/** What kind of point a job can start from. */
public enum PointKind {
    /** Taken by Flink at intervals, and deleted by it when newer ones are there. */
    CHECKPOINT,
    /** Taken on demand, in passing; Flink never deletes it. */
    SAVEPOINT,
    /** Taken on demand, and the job was stopped with it; Flink never deletes it. */
    STOP_SAVEPOINT
}
