package io.flinkmanaged.spec;

import static java.util.Objects.requireNonNull;

import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * How often the state of jobs is saved, and where. Checkpoints are exactly-once and kept when a job is cancelled or
 * fails. Immutable and equal by content.
 *
 * <pre>{@code
 * Checkpointing.every(Duration.ofSeconds(10)).to(FileStorage.at(directory)).retained(5)
 * }</pre>
 */
public final class Checkpointing {

    // Flink: CheckpointCoordinatorConfiguration.MINIMAL_CHECKPOINT_TIME is 10 ms, for the interval and the timeout.
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration TOLERATED_OUTAGE = Duration.ofMinutes(30);
    private static final int FEWEST_TOLERATED = 3;

    private final Duration interval;
    private final StorageLocation location;
    private final Duration timeout;
    private final Duration minimumPause;
    private final int retained;
    private final boolean unaligned;
    private final boolean incremental;
    private final int toleratedFailures;

    private Checkpointing(Draft draft) {
        interval = draft.interval;
        location = draft.location;
        timeout = draft.timeout;
        minimumPause = draft.minimumPause;
        retained = draft.retained;
        unaligned = draft.unaligned;
        incremental = draft.incremental;
        toleratedFailures = draft.toleratedFailures;
        within("checkpoint interval", interval, SHORTEST);
        within("checkpoint timeout", timeout, SHORTEST);
        within("checkpoint minimum pause", minimumPause, Duration.ZERO);
        if (retained < 1) {
            throw InvalidInputException.of(
                    "checkpoints retained", retained, "1 or more", "Keep at least one, or nothing can be recovered.");
        }
        if (toleratedFailures < 0) {
            throw InvalidInputException.of(
                    "checkpoint failures tolerated",
                    toleratedFailures,
                    "0 or more",
                    "Leave it out to carry jobs over half an hour without storage.");
        }
    }

    /**
     * Begins with the interval.
     *
     * @param interval from the start of one checkpoint to the start of the next; 10 ms or more
     * @return asks for the location
     */
    public static Every every(Duration interval) {
        return new Every(interval);
    }

    /** Returns the time from the start of one checkpoint to the start of the next. */
    public Duration interval() {
        return interval;
    }

    /** Returns where checkpoints, savepoints and the jobs' plans are kept. */
    public StorageLocation location() {
        return location;
    }

    /**
     * Returns these settings with another location.
     *
     * @param other made by an adapter's builder, such as {@code FileStorage.at(directory)}
     */
    public Checkpointing to(StorageLocation other) {
        return with(draft -> draft.location = requireNonNull(other, "location"));
    }

    /** Returns how long one checkpoint may take before it is given up. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns the time from the end of one checkpoint to the start of the next, at least. */
    public Duration minimumPause() {
        return minimumPause;
    }

    /** Returns how many completed checkpoints of a job are kept. */
    public int retained() {
        return retained;
    }

    /** Returns whether barriers overtake records that wait. */
    public boolean unaligned() {
        return unaligned;
    }

    /** Returns whether a checkpoint holds only what changed since the one before, where the backend can do it. */
    public boolean incremental() {
        return incremental;
    }

    /** Returns how many checkpoints of a job may fail one after the other before the job fails. */
    public int toleratedFailures() {
        return toleratedFailures;
    }

    /**
     * Returns a copy with another timeout.
     *
     * @param timeout how long one checkpoint may take; 10 ms or more, 10 minutes by default
     */
    public Checkpointing timeout(Duration timeout) {
        return with(draft -> draft.timeout = requireNonNull(timeout, "timeout"));
    }

    /**
     * Returns a copy with another pause.
     *
     * @param minimumPause from the end of one checkpoint to the start of the next, at least; half the interval by default,
     *     so that a job whose checkpoints take longer than their interval still does its work
     */
    public Checkpointing minimumPause(Duration minimumPause) {
        return with(draft -> draft.minimumPause = requireNonNull(minimumPause, "minimumPause"));
    }

    /**
     * Returns a copy that keeps another number of checkpoints.
     *
     * @param retained how many completed checkpoints of a job are kept; 1 or more, 3 by default: a damaged one is passed
     *     over for the one before
     */
    public Checkpointing retained(int retained) {
        return with(draft -> draft.retained = retained);
    }

    /**
     * Returns a copy with or without unaligned checkpoints.
     *
     * @param unaligned whether barriers overtake records that wait, which keeps checkpoints short under back-pressure and
     *     makes them larger; {@code false} by default
     */
    public Checkpointing unaligned(boolean unaligned) {
        return with(draft -> draft.unaligned = unaligned);
    }

    /**
     * Returns a copy with or without incremental checkpoints.
     *
     * @param incremental whether a checkpoint holds only what changed since the one before; {@code true} by default. In
     *     effect with {@link StateBackend#ROCKSDB} only
     */
    public Checkpointing incremental(boolean incremental) {
        return with(draft -> draft.incremental = incremental);
    }

    /**
     * Returns a copy that tolerates another number of failed checkpoints.
     *
     * @param toleratedFailures how many checkpoints of a job may fail one after the other before the job fails and
     *     restarts; by default as many as fit into half an hour, at least 3
     */
    public Checkpointing toleratedFailures(int toleratedFailures) {
        return with(draft -> draft.toleratedFailures = toleratedFailures);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checkpointing that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Returns the settings without the storage's options, one of which may be a secret. */
    @Override
    public String toString() {
        return "every " + Texts.of(interval) + " to " + location.uri() + ", timeout " + Texts.of(timeout)
                + ", minimumPause " + Texts.of(minimumPause) + ", retained " + retained + ", "
                + (unaligned ? "unaligned" : "aligned") + ", " + (incremental ? "incremental" : "full")
                + ", toleratedFailures " + toleratedFailures;
    }

    private List<Object> parts() {
        return List.of(interval, location, timeout, minimumPause, retained, unaligned, incremental, toleratedFailures);
    }

    private Checkpointing with(Consumer<Draft> change) {
        Draft draft = new Draft(interval, location);
        draft.timeout = timeout;
        draft.minimumPause = minimumPause;
        draft.retained = retained;
        draft.unaligned = unaligned;
        draft.incremental = incremental;
        draft.toleratedFailures = toleratedFailures;
        change.accept(draft);
        return new Checkpointing(draft);
    }

    private static void within(String subject, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw InvalidInputException.of(
                    subject,
                    Texts.millis(value),
                    Texts.millis(least) + " or more",
                    "Choose how much may be processed again after a failure: a second to a few minutes is usual.");
        }
        Texts.requireCountable(subject, value);
    }

    /**
     * An interval that still needs a location.
     *
     * @param interval from the start of one checkpoint to the start of the next
     */
    public record Every(Duration interval) {

        /** Refuses what Flink would refuse. */
        public Every {
            within("checkpoint interval", interval, SHORTEST);
        }

        /**
         * Says where checkpoints go.
         *
         * @param location made by an adapter's builder, such as {@code FileStorage.at(directory)}
         * @return the finished setting
         */
        public Checkpointing to(StorageLocation location) {
            return new Checkpointing(new Draft(interval, location));
        }
    }

    /** The settings before they are judged; begins with the defaults, which are in no other place. */
    private static final class Draft {

        private final Duration interval;
        private StorageLocation location;
        private Duration timeout = Duration.ofMinutes(10);
        private Duration minimumPause;
        private int retained = 3;
        private boolean unaligned;
        private boolean incremental = true;
        private int toleratedFailures;

        Draft(Duration interval, StorageLocation location) {
            this.interval = requireNonNull(interval, "interval");
            this.location = requireNonNull(location, "location");
            minimumPause = interval.dividedBy(2);
            toleratedFailures = Math.max(FEWEST_TOLERATED, Math.toIntExact(TOLERATED_OUTAGE.dividedBy(interval)));
        }
    }
}
