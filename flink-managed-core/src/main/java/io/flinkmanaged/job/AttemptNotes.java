package io.flinkmanaged.job;

import com.google.common.collect.ImmutableSortedMap;
import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.storage.StateStorage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What was noted beside an attempt, for whoever finds it when the one who knew is dead: {@code checkpointed.yaml, to-be-cancelled.yaml,
 * to-be-halted.yaml}. Stateless and thread-safe.
 */
public final class AttemptNotes {

    private static final String TO_BE_CANCELLED = "/to-be-cancelled.yaml";
    private static final String TO_BE_HALTED = "/to-be-halted.yaml";
    private static final String CHECKPOINTED = "/checkpointed.yaml";

    private final StateStorage storage;
    private final Function<JobAttempt, String> directories;

    AttemptNotes(StateStorage storage, Function<JobAttempt, String> directories) {
        this.storage = storage;
        this.directories = directories;
    }

    /**
     * Writes that an attempt is to be cancelled; does nothing if that is written.
     *
     * @param attempt the attempt
     * @param wishedAt when that was wished; for people
     */
    public void noteCancel(JobAttempt attempt, Instant wishedAt) {
        boolean unused = storage.createIfAbsent(
                directoryOf(attempt) + TO_BE_CANCELLED, YamlText.write(Map.of("wished-at", wishedAt.toString())));
    }

    /**
     * Returns whether an attempt is to be cancelled, so that it is not continued even if nobody saw its end.
     *
     * @param attempt the attempt
     */
    public boolean isToBeCancelled(JobAttempt attempt) {
        return storage.read(directoryOf(attempt) + TO_BE_CANCELLED).isPresent();
    }

    /**
     * Writes that the cluster itself is about to end an attempt, which another one is to follow; the last such note counts.
     *
     * @param attempt the attempt
     * @param by the end that this will be: {@code STOPPED} or {@code CANCELED}
     * @param notedAt when that was; for people
     */
    public void noteHalt(JobAttempt attempt, AttemptEnd.Kind by, Instant notedAt) {
        storage.write(
                directoryOf(attempt) + TO_BE_HALTED,
                YamlText.write(ImmutableSortedMap.of("end", by.name(), "noted-at", notedAt.toString())));
    }

    /**
     * Takes such a note back; does nothing if there is none.
     *
     * @param attempt the attempt
     */
    public void forgetHalt(JobAttempt attempt) {
        String path = directoryOf(attempt) + TO_BE_HALTED;
        if (storage.read(path).isPresent()) {
            storage.delete(List.of(path));
        }
    }

    /**
     * Returns whether an end that Flink tells of an attempt is the cluster's doing, so that it is not the job's.
     *
     * @param attempt the attempt
     * @param end its end
     */
    public boolean isHalt(JobAttempt attempt, AttemptEnd end) {
        String path = directoryOf(attempt) + TO_BE_HALTED;
        return storage.read(path)
                .map(text -> YamlRecord.read("halt " + path, text).text("end"))
                .filter(end.kind().name()::equals)
                .isPresent();
    }

    /**
     * Writes that an attempt has completed a checkpoint; does nothing if that is written.
     *
     * @param attempt the attempt
     * @param seenAt when that was seen; for people
     */
    public void noteCheckpoint(JobAttempt attempt, Instant seenAt) {
        boolean unused = storage.createIfAbsent(
                directoryOf(attempt) + CHECKPOINTED, YamlText.write(Map.of("seen-at", seenAt.toString())));
    }

    /**
     * Returns whether an attempt is known to have completed a checkpoint, whatever is left of it.
     *
     * @param attempt the attempt
     */
    public boolean hadCheckpoint(JobAttempt attempt) {
        return storage.read(directoryOf(attempt) + CHECKPOINTED).isPresent();
    }

    private String directoryOf(JobAttempt attempt) {
        return directories.apply(attempt);
    }
}
