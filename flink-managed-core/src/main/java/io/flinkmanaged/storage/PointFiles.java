package io.flinkmanaged.storage;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.flinkmanaged.flink.CheckpointContents;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/**
 * Looks whether the files of points are there and long enough, by listings of the directories where they are: one request
 * answers for a thousand files. A directory is listed at most once, and only if a point has more than a few files there;
 * else each of these is looked at by itself.
 *
 * <p>What a listing shows as wrong is looked at once more, by itself: Flink may have been at work while it was made.
 */
final class PointFiles {

    /** A listing pays for all files of a directory, whoever they belong to. */
    private static final int FEW = 3;

    private final StateStorage storage;
    private final PathsBelow paths;
    private final Map<String, Map<String, Long>> lengthsByDirectory = new HashMap<>();

    PointFiles(StateStorage storage) {
        this.storage = storage;
        this.paths = new PathsBelow(storage);
    }

    /**
     * Looks at the files of a point.
     *
     * @return the first thing that is wrong; empty if the point is complete
     * @throws IOException if Flink's file system did not answer: then nothing is known
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    Optional<String> firstDefect(CheckpointContents point) throws IOException {
        Map<String, Long> counts = point.files().keySet().stream()
                .flatMap(file -> inADirectory(file).stream())
                .collect(groupingBy(PointFiles::directoryOf, counting()));
        for (Map.Entry<Path, Long> file : point.files().entrySet()) {
            boolean listed = inADirectory(file.getKey())
                    .filter(path -> counts.getOrDefault(directoryOf(path), 0L) > FEW)
                    .filter(path -> lengthListed(path) >= file.getValue())
                    .isPresent();
            Optional<String> defect =
                    listed ? Optional.empty() : CheckpointContents.defectOf(file.getKey(), file.getValue());
            if (defect.isPresent()) {
                return defect;
            }
        }
        return Optional.empty();
    }

    /** Returns what a listing says, or -1. */
    private long lengthListed(String path) {
        return lengthsByDirectory.computeIfAbsent(directoryOf(path), this::list).getOrDefault(path, -1L);
    }

    private Map<String, Long> list(String directory) {
        return storage.files(directory).stream().collect(toMap(StoredFile::path, StoredFile::bytes));
    }

    /** Returns a file relative to the location; empty if it is elsewhere, or in no directory that could be listed. */
    private Optional<String> inADirectory(Path file) {
        return paths.relative(file).filter(path -> path.indexOf('/') > 0);
    }

    private static String directoryOf(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
