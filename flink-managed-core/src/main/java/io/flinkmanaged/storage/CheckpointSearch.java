package io.flinkmanaged.storage;

import io.flinkmanaged.flink.CheckpointContents;
import io.flinkmanaged.flink.CorruptCheckpointException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the newest complete checkpoint or savepoint of one attempt of a job, in the storage itself. */
public final class CheckpointSearch {

    /** How Flink names a checkpoint's directory: AbstractFsCheckpointStorageAccess.CHECKPOINT_DIR_PREFIX. */
    private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d{1,18})");

    private final StateStorage storage;

    /**
     * Creates a search.
     *
     * @param storage where to search
     */
    public CheckpointSearch(StateStorage storage) {
        this.storage = storage;
    }

    /**
     * Searches a directory with {@code chk-N} directories, the highest number first.
     *
     * @param directory relative to the storage's location
     * @return the newest complete checkpoint and what was passed over
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public Result newestComplete(String directory) {
        List<Candidate> newestFirst = storage.children(directory).stream()
                .flatMap(name -> Candidate.of(name).stream())
                .sorted(Comparator.comparingLong(Candidate::number).reversed())
                .toList();
        List<String> damaged = new ArrayList<>();
        for (Candidate candidate : newestFirst) {
            Optional<CheckpointContents> contents = complete(directory + "/" + candidate.name(), damaged);
            if (contents.isPresent()) {
                String uri = storage.uriOf(directory + "/" + candidate.name());
                return new Result(
                        Optional.of(new CompletePoint(uri, contents.get().checkpointId())), damaged);
            }
        }
        return new Result(Optional.empty(), damaged);
    }

    /**
     * Searches the newest of the complete savepoints of a directory with which the job was stopped. Their names tell
     * nothing, so every one is read.
     *
     * @param directory relative to the storage's location
     * @return empty if there is none
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public Optional<CompletePoint> newestStopSavepoint(String directory) {
        List<String> unusedDamage = new ArrayList<>();
        return storage.children(directory).stream()
                .flatMap(name -> complete(directory + "/" + name, unusedDamage)
                        .filter(CheckpointContents::isStopSavepoint)
                        .map(contents ->
                                new CompletePoint(storage.uriOf(directory + "/" + name), contents.checkpointId()))
                        .stream())
                .max(Comparator.comparingLong(CompletePoint::checkpointId));
    }

    /** Reads a point; if it was completed once and is damaged now, its defect is added to those. */
    private Optional<CheckpointContents> complete(String path, List<String> damaged) {
        String uri = storage.uriOf(path);
        try {
            CheckpointContents contents = CheckpointContents.read(uri);
            Optional<String> defect = contents.firstDefect();
            if (defect.isEmpty()) {
                return Optional.of(contents);
            }
            damaged.add(uri + ": " + defect.get());
        } catch (FileNotFoundException e) {
            // No metadata: this checkpoint was never completed, so nothing is lost with it.
        } catch (CorruptCheckpointException e) {
            damaged.add(e.getMessage());
        } catch (IOException e) {
            throw new StorageException(
                    "checkpoint " + uri + ": cannot be read (expected: an answer of the storage). Try again when "
                            + "it answers; an older checkpoint is not chosen for lack of an answer: " + e,
                    e);
        }
        return Optional.empty();
    }

    private record Candidate(String name, long number) {
        static Optional<Candidate> of(String name) {
            Matcher matcher = CHECKPOINT.matcher(name);
            return matcher.matches()
                    ? Optional.of(new Candidate(name, Long.parseLong(matcher.group(1))))
                    : Optional.empty();
        }
    }

    /**
     * What a search found.
     *
     * @param newestComplete the newest complete checkpoint, if there is one
     * @param passedOver newer ones that were completed once and are damaged now, each with its defect
     */
    public record Result(Optional<CompletePoint> newestComplete, List<String> passedOver) {

        /** Keeps a copy. */
        public Result {
            passedOver = List.copyOf(passedOver);
        }
    }
}
