package io.flinkmanaged.spec;

import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;

/**
 * How often the state of jobs is saved, and where. Checkpoints are exactly-once and kept when a job is cancelled or
 * fails.
 *
 * @param interval from the start of one checkpoint to the start of the next; 10 ms or more
 * @param location where checkpoints, savepoints and the jobs' plans are kept
 * @param timeout how long one checkpoint may take before it is given up; 10 minutes by default
 * @param minimumPause from the end of one checkpoint to the start of the next, at least; zero by default
 * @param retained how many completed checkpoints of a job are kept; 1 or more, 3 by default
 */
public record Checkpointing(
        Duration interval, StorageLocation location, Duration timeout, Duration minimumPause, int retained) {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);
    private static final int DEFAULT_RETAINED = 3;

    /** Refuses what Flink would refuse, and what can only be a mistake. */
    public Checkpointing {
        // Flink: CheckpointCoordinatorConfiguration.MINIMAL_CHECKPOINT_TIME is 10 ms, for the interval and the timeout.
        atLeast("checkpoint interval", interval, SHORTEST);
        atLeast("checkpoint timeout", timeout, SHORTEST);
        atLeast("checkpoint minimum pause", minimumPause, Duration.ZERO);
        if (retained < 1) {
            throw InvalidInputException.of(
                    "checkpoints retained", retained, "1 or more", "Keep at least one, or nothing can be recovered.");
        }
    }

    /**
     * Begins with the interval.
     *
     * @param interval from the start of one checkpoint to the start of the next; 10 ms or more
     * @return asks for the location
     */
    public static Every every(Duration interval) {
        atLeast("checkpoint interval", interval, SHORTEST);
        return new Every(interval);
    }

    /**
     * Returns a copy with another timeout.
     *
     * @param timeout how long one checkpoint may take; 10 ms or more
     */
    public Checkpointing timeout(Duration timeout) {
        return new Checkpointing(interval, location, timeout, minimumPause, retained);
    }

    /**
     * Returns a copy with another pause.
     *
     * @param minimumPause from the end of one checkpoint to the start of the next, at least
     */
    public Checkpointing minimumPause(Duration minimumPause) {
        return new Checkpointing(interval, location, timeout, minimumPause, retained);
    }

    /**
     * Returns a copy that keeps another number of checkpoints.
     *
     * @param retained how many completed checkpoints of a job are kept; 1 or more
     */
    public Checkpointing retained(int retained) {
        return new Checkpointing(interval, location, timeout, minimumPause, retained);
    }

    private static void atLeast(String subject, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw InvalidInputException.of(
                    subject,
                    value.toMillis() + " ms",
                    least.toMillis() + " ms or more",
                    "Choose how much may be processed again after a failure: a second to a few minutes is usual.");
        }
    }

    /**
     * An interval that still needs a location.
     *
     * @param interval from the start of one checkpoint to the start of the next
     */
    public record Every(Duration interval) {

        /**
         * Says where checkpoints go.
         *
         * @param location made by an adapter's builder, such as {@code FileStorage.at(directory)}
         * @return the finished setting
         */
        public Checkpointing to(StorageLocation location) {
            return new Checkpointing(interval, location, DEFAULT_TIMEOUT, Duration.ZERO, DEFAULT_RETAINED);
        }
    }
}
