package io.flinkmanaged.cluster;

import java.time.Duration;

/** What becomes of a job that Flink has given up. */
public sealed interface Ruling {

    /** It has FAILED: that is recorded, and told. */
    record Failed() implements Ruling {}

    /**
     * Another attempt begins, from its newest complete point; whoever waits for its end goes on waiting.
     *
     * @param pause how long after now, at least
     */
    record BeginAgain(Duration pause) implements Ruling {}

    /** Nobody says: the cluster is let go of or closed, and whoever continues it continues the job as one that was lost. */
    record LeftOpen() implements Ruling {}
}
