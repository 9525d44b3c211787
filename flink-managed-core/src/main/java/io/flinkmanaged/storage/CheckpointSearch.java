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

/**
 * Finds the newest complete checkpoint or savepoint of one attempt of a job, in the storage itself. Finding lists one
 * directory by its names, whatever is below these; only the points in question are then read, and their files looked at.
 */
public final class CheckpointSearch {

    /** How Flink names a checkpoint's directory: AbstractFsCheckpointStorageAccess.CHECKPOINT_DIR_PREFIX. */
    private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d{1,18})");

    private final StateStorage storage;
    private final PointFiles files;

    /**
     * Creates a search, which looks at each directory at most once: use another one to look again.
     *
     * @param storage where to search
     */
    public CheckpointSearch(StateStorage storage) {
        this.storage = storage;
        this.files = new PointFiles(storage);
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
     * nothing, so the metadata of every one is read; at files it looks from the newest on, until one is complete.
     *
     * @param directory relative to the storage's location
     * @return empty if there is none
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public Optional<CompletePoint> newestStopSavepoint(String directory) {
        List<String> unusedDamage = new ArrayList<>();
        List<Savepoint> newestFirst = storage.children(directory).stream()
                .map(name -> directory + "/" + name)
                .flatMap(path -> read(path, unusedDamage).map(read -> new Savepoint(path, read)).stream())
                .filter(savepoint -> savepoint.contents().isStopSavepoint())
                .sorted(Comparator.comparingLong(Savepoint::id).reversed())
                .toList();
        return newestFirst.stream()
                .filter(savepoint -> isComplete(savepoint.path(), savepoint.contents(), unusedDamage))
                .findFirst()
                .map(savepoint -> new CompletePoint(storage.uriOf(savepoint.path()), savepoint.id()));
    }

    /**
     * Reads a point, wherever it is, and looks at its files.
     *
     * @param uri its directory, as Flink takes it
     * @return the first thing that is wrong; empty if the point is complete
     * @throws CorruptCheckpointException if its metadata is not Flink's, or torn
     * @throws FileNotFoundException if it has no metadata
     * @throws IOException if Flink's file system did not answer: then nothing is known
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public Optional<String> firstDefect(String uri) throws IOException {
        return files.firstDefect(CheckpointContents.read(uri));
    }

    /** Reads a point; if it was completed once and is damaged now, its defect is added to those. */
    private Optional<CheckpointContents> complete(String path, List<String> damaged) {
        return read(path, damaged).filter(contents -> isComplete(path, contents, damaged));
    }

    /** Reads with one request; Flink's file systems ask two to four times, the more if there is nothing. */
    private Optional<CheckpointContents> read(String path, List<String> damaged) {
        String uri = storage.uriOf(path);
        try {
            // Without metadata this checkpoint was never completed, so nothing is lost with it.
            Optional<byte[]> metadata = storage.artifact(path + "/" + PointReader.METADATA);
            return metadata.isPresent() ? Optional.of(CheckpointContents.parse(metadata.get(), uri)) : Optional.empty();
        } catch (CorruptCheckpointException e) {
            damaged.add(e.getMessage());
            return Optional.empty();
        } catch (IOException | StorageException e) {
            throw notKnown(uri, e);
        }
    }

    private boolean isComplete(String path, CheckpointContents contents, List<String> damaged) {
        String uri = storage.uriOf(path);
        try {
            Optional<String> defect = files.firstDefect(contents);
            defect.ifPresent(text -> damaged.add(uri + ": " + text));
            return defect.isEmpty();
        } catch (IOException | StorageException e) {
            throw notKnown(uri, e);
        }
    }

    private static StorageException notKnown(String uri, Exception cause) {
        return new StorageException(
                "checkpoint " + uri + ": cannot be read (expected: an answer of the storage). Try again when "
                        + "it answers; an older checkpoint is not chosen for lack of an answer: " + cause,
                cause);
    }

    private record Savepoint(String path, CheckpointContents contents) {
        long id() {
            return contents.checkpointId();
        }
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
