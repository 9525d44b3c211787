package io.flinkmanaged.storage;

import io.flinkmanaged.flink.CheckpointContents;
import io.flinkmanaged.flink.CorruptCheckpointException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.Path;

/**
 * Reads checkpoints and savepoints and judges them by a listing, so that a point with a thousand files costs one request.
 *
 * <p>What the listing shows as wrong is looked at once more, by itself: Flink may have been at work while the listing was
 * made.
 */
public final class PointReader {

    /** How Flink calls the file that makes a directory a point. */
    public static final String METADATA = "_metadata";

    private final StateStorage storage;
    private final Map<String, StoredFile> listed;
    private final PathsBelow paths;

    /**
     * Creates a reader.
     *
     * @param storage where the points are
     * @param listed every file that may belong to them, as the storage lists them
     */
    public PointReader(StateStorage storage, List<StoredFile> listed) {
        this.storage = storage;
        this.listed = listed.stream().collect(Collectors.toMap(StoredFile::path, Function.identity()));
        this.paths = new PathsBelow(storage);
    }

    /**
     * Reads a point.
     *
     * @param metadata its {@code _metadata}, as listed
     * @param presumed what its place says that it is; believed where the metadata does not tell
     * @param presumedId its number as its directory's name says it; believed where the metadata cannot be read
     * @return the point; empty if it was deleted meanwhile
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public Optional<StoredPoint> read(StoredFile metadata, PointKind presumed, OptionalLong presumedId) {
        String directory = metadata.path().substring(0, metadata.path().length() - METADATA.length() - 1);
        String uri = storage.uriOf(directory);
        Optional<byte[]> bytes = storage.artifact(metadata.path());
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            CheckpointContents contents = CheckpointContents.parse(bytes.get(), uri);
            StoredPoint point = judge(metadata, directory, contents, presumed);
            return point.isComplete() || isThere(metadata) ? Optional.of(point) : Optional.empty();
        } catch (CorruptCheckpointException e) {
            return Optional.of(new StoredPoint(
                    directory,
                    uri,
                    presumedId,
                    presumed,
                    false,
                    metadata.modifiedAt(),
                    1,
                    metadata.bytes(),
                    List.of(metadata.path()),
                    List.of(),
                    false,
                    Completeness.DAMAGED,
                    Optional.of(String.valueOf(e.getMessage()))));
        } catch (IOException e) {
            throw noAnswer(uri, e);
        }
    }

    private StoredPoint judge(StoredFile metadata, String directory, CheckpointContents contents, PointKind presumed)
            throws IOException {
        List<String> inside = new ArrayList<>(List.of(metadata.path()));
        List<String> outside = new ArrayList<>();
        Optional<Flaw> flaw = Optional.empty();
        long bytes = metadata.bytes();
        for (Map.Entry<Path, Long> file : contents.files().entrySet()) {
            Optional<String> relative = paths.relative(file.getKey());
            relative.ifPresentOrElse(
                    inside::add, () -> outside.add(file.getKey().toString()));
            Optional<StoredFile> seen = relative.map(listed::get);
            bytes += seen.map(StoredFile::bytes).orElse(file.getValue());
            if (flaw.isEmpty()
                    && seen.filter(one -> one.bytes() >= file.getValue()).isEmpty()) {
                flaw = relative.isPresent()
                        ? CheckpointContents.defectOf(file.getKey(), file.getValue())
                                .map(Flaw::damage)
                        : flawOutside(file.getKey(), file.getValue());
            }
        }
        return new StoredPoint(
                directory,
                storage.uriOf(directory),
                OptionalLong.of(contents.checkpointId()),
                kindOf(contents, presumed),
                contents.isIncremental(),
                metadata.modifiedAt(),
                1 + contents.files().size(),
                bytes,
                inside,
                outside,
                !contents.absoluteFiles().isEmpty(),
                flaw.map(Flaw::completeness).orElse(Completeness.COMPLETE),
                flaw.map(Flaw::text));
    }

    /** A file elsewhere says nothing of this storage: should it not answer, only this point is not known. */
    private Optional<Flaw> flawOutside(Path file, long leastLength) {
        String hint = ", which is outside " + storage.location().uri()
                + ": an incremental checkpoint can be read only where it was written, not from a mirror";
        try {
            return CheckpointContents.defectOf(file, leastLength).map(defect -> Flaw.damage(defect + hint));
        } catch (IOException | RuntimeException e) {
            return Optional.of(new Flaw(Completeness.NOT_KNOWN, file + " cannot be looked at" + hint + " (" + e + ")"));
        }
    }

    private boolean isThere(StoredFile metadata) {
        return storage.artifact(metadata.path()).isPresent();
    }

    private static PointKind kindOf(CheckpointContents contents, PointKind presumed) {
        if (contents.isStopSavepoint()) {
            return PointKind.STOP_SAVEPOINT;
        }
        return contents.isSavepoint() ? PointKind.SAVEPOINT : presumed;
    }

    private static StorageException noAnswer(String uri, IOException cause) {
        return new StorageException(
                "checkpoint " + uri
                        + ": cannot be read (expected: an answer of the storage). Try again when it answers: " + cause,
                cause);
    }

    private record Flaw(Completeness completeness, String text) {
        static Flaw damage(String text) {
            return new Flaw(Completeness.DAMAGED, text);
        }
    }
}
