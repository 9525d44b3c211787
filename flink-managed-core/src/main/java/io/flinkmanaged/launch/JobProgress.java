package io.flinkmanaged.launch;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a job's checkpoints have come.
 *
 * @param completedCheckpoints how many were completed since the job was submitted
 * @param failedCheckpoints how many failed since then
 * @param latestCompleted the number of the newest completed one
 * @param restored the number of the one that Flink restored last
 * @param stoppedWith the savepoint with which the job was stopped, by whomever
 * @param latestCompletedAt when the newest completed one was complete, by Flink's clock; empty if that is not known
 */
public record JobProgress(
        long completedCheckpoints,
        long failedCheckpoints,
        Optional<Long> latestCompleted,
        Optional<Long> restored,
        Optional<String> stoppedWith,
        Optional<Instant> latestCompletedAt) {

    /**
     * Makes one without the time of the newest checkpoint.
     *
     * @param completedCheckpoints how many were completed since the job was submitted
     * @param failedCheckpoints how many failed since then
     * @param latestCompleted the number of the newest completed one
     * @param restored the number of the one that Flink restored last
     * @param stoppedWith the savepoint with which the job was stopped
     */
    public JobProgress(
            long completedCheckpoints,
            long failedCheckpoints,
            Optional<Long> latestCompleted,
            Optional<Long> restored,
            Optional<String> stoppedWith) {
        this(completedCheckpoints, failedCheckpoints, latestCompleted, restored, stoppedWith, Optional.empty());
    }

    /** No checkpoint yet. */
    public static final JobProgress NONE = new JobProgress(0, 0, Optional.empty(), Optional.empty(), Optional.empty());
}
