package io.flinkmanaged.job;

import com.google.common.base.Splitter;
import io.flinkmanaged.flink.NotSelfContainedException;
import io.flinkmanaged.flink.SelfContainedMetadata;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.PointReader;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import io.flinkmanaged.storage.StoredPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Copies a recovery point to another storage, so that nothing of the first one is needed to start from it.
 *
 * <p>The metadata comes last, when all files are there: a copy that was cut off is no point, and is made again.
 */
public final class PointCopy {

    private final StateStorage source;
    private final StateStorage target;
    private final ClusterName cluster;

    /**
     * Creates a copier.
     *
     * @param source where the point is
     * @param target where the copy goes; both are closed by their owners
     * @param cluster the point's cluster
     */
    public PointCopy(StateStorage source, StateStorage target, ClusterName cluster) {
        this.source = source;
        this.target = target;
        this.cluster = cluster;
    }

    /**
     * Copies a point; one that has been copied already is looked through again.
     *
     * @param point a point of the cluster
     * @return the copy's directory, as Flink takes it
     * @throws InvalidInputException if the point is not complete, or is tied to the place where it was written
     * @throws StorageException if one of the storages did not answer
     */
    public String copy(RecoveryPoint point) {
        String directory = directoryOf(point);
        String copy = copyOf(directory);
        Optional<StoredPoint> before = read(target, copy);
        if (before.filter(StoredPoint::isComplete).isPresent()) {
            return target.uriOf(copy);
        }
        StoredPoint original = read(source, directory)
                .filter(StoredPoint::isComplete)
                .orElseThrow(() -> refused(point, "not complete", "a complete one", "Choose another one."));
        before.ifPresent(damaged -> target.delete(List.of(damaged.directory() + "/" + PointReader.METADATA)));
        SelfContainedMetadata metadata = selfContained(point, original);
        copyFiles(metadata.files(), copy);
        target.putArtifact(copy + "/" + PointReader.METADATA, metadata.bytes());
        return requireComplete(copy);
    }

    private SelfContainedMetadata selfContained(RecoveryPoint point, StoredPoint original) {
        String path = original.directory() + "/" + PointReader.METADATA;
        try {
            byte[] metadata = source.artifact(path)
                    .orElseThrow(() -> refused(point, "deleted meanwhile", "retained", "Choose another one."));
            return SelfContainedMetadata.of(metadata, original.uri());
        } catch (NotSelfContainedException e) {
            throw refused(
                    point,
                    "refers to " + e.getMessage() + " by absolute paths",
                    "files that can be named relative to a directory of their own",
                    "It can be read only where it was written: take a savepoint and copy that.");
        } catch (IOException e) {
            throw noAnswer(original.uri(), e);
        }
    }

    private void copyFiles(Map<String, Path> files, String copy) {
        Map<String, Long> there = lengthsBelow(copy);
        for (Map.Entry<String, Path> file : files.entrySet()) {
            String path = copy + "/" + file.getKey();
            long bytes = copyFile(file.getValue(), new Path(target.uriOf(path)), there.get(path));
            there.put(path, bytes);
        }
        Map<String, Long> shown = lengthsBelow(copy);
        there.forEach((path, bytes) -> {
            if (!bytes.equals(shown.get(path))) {
                throw new StorageException(
                        "copy " + target.uriOf(path) + ": " + shown.getOrDefault(path, 0L) + " bytes (expected: "
                                + bytes + ", as were written). Copy again; if it stays so, do not trust that storage.",
                        null);
            }
        });
    }

    /** A file that is there whole is not copied again: state files are never changed. */
    private static long copyFile(Path from, Path to, @Nullable Long there) {
        try {
            long length = from.getFileSystem().getFileStatus(from).getLen();
            if (there != null && there == length) {
                return length;
            }
            try (InputStream in = from.getFileSystem().open(from);
                    OutputStream out = to.getFileSystem().create(to, WriteMode.OVERWRITE)) {
                return in.transferTo(out);
            }
        } catch (IOException e) {
            throw noAnswer(from + " → " + to, e);
        }
    }

    private String requireComplete(String copy) {
        return read(target, copy)
                .filter(point -> point.isComplete()
                        && !point.absolute()
                        && point.outside().isEmpty())
                .map(StoredPoint::uri)
                .orElseThrow(() -> new StorageException(
                        "copy " + target.uriOf(copy) + ": not complete after it was written (expected: complete). Copy "
                                + "again.",
                        null));
    }

    private Map<String, Long> lengthsBelow(String directory) {
        return target.files(directory).stream().collect(Collectors.toMap(StoredFile::path, StoredFile::bytes));
    }

    private static Optional<StoredPoint> read(StateStorage storage, String directory) {
        List<StoredFile> files = storage.files(directory);
        PointReader reader = new PointReader(storage, files);
        return files.stream()
                .filter(file -> file.path().equals(directory + "/" + PointReader.METADATA))
                .findFirst()
                .flatMap(metadata -> reader.read(metadata, PointKind.SAVEPOINT, OptionalLong.empty()));
    }

    private String directoryOf(RecoveryPoint point) {
        String jobs = source.uriOf(cluster + "/jobs/");
        if (!point.uri().startsWith(jobs)) {
            throw refused(point, "elsewhere", "below " + jobs, "Look for it in the location that it is in.");
        }
        return cluster + "/jobs/" + point.uri().substring(jobs.length());
    }

    /** {@code <cluster>/copies/<job>/<attempt>/<directory>}: where no attempt of a cluster of that name can be. */
    private String copyOf(String directory) {
        List<String> segments = Splitter.on('/').splitToList(directory);
        return cluster + "/copies/" + segments.get(2) + "/" + segments.get(3) + "/" + segments.get(segments.size() - 1);
    }

    private static InvalidInputException refused(RecoveryPoint point, String value, String expected, String remedy) {
        return InvalidInputException.of("recovery point " + point.uri(), value, expected, remedy);
    }

    private static StorageException noAnswer(String what, IOException cause) {
        return new StorageException(
                "copying " + what + ": failed (expected: answers of both storages). Copy again: what is whole is kept: "
                        + cause,
                cause);
    }
}
