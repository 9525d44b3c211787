package io.flinkmanaged.job;

/**
 * What state a submitted job starts from. Restores never take ownership: Flink does not delete what it did not write
 * (claim mode NO_CLAIM).
 */
public sealed interface StartingPoint {

    /**
     * Returns the usual choice: an empty state for a job that is new, has finished or was cancelled; its savepoint for
     * one that was stopped with one; the newest complete checkpoint of its last attempt for one that was lost or failed.
     */
    static StartingPoint asItEnded() {
        return new AsItEnded();
    }

    /** Returns an empty state, whatever was before. */
    static StartingPoint empty() {
        return new Empty();
    }

    /** Returns the newest complete checkpoint of the last attempt, however that ended. */
    static StartingPoint latest() {
        return new Latest();
    }

    /**
     * Returns a checkpoint or savepoint by its path.
     *
     * @param uri its directory, as Flink takes it
     */
    static StartingPoint at(String uri) {
        return new At(uri);
    }

    /** The usual choice. */
    record AsItEnded() implements StartingPoint {}

    /** An empty state. */
    record Empty() implements StartingPoint {}

    /** The newest complete checkpoint. */
    record Latest() implements StartingPoint {}

    /**
     * A path.
     *
     * @param uri its directory, as Flink takes it
     */
    record At(String uri) implements StartingPoint {}
}
