package io.flinkmanaged.testkit.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far each lane had come in checkpoints that were completed, told in files: from then on the numbers before must come
 * out. Each reader has a file of its own, so one that lives on by mistake takes nothing back. For one thread.
 */
final class Acknowledgements {

    /** Tells nobody. */
    static final Acknowledgements NOWHERE = new Acknowledgements(null);

    private static final String FILE = "reader-";

    private final @Nullable Path directory;
    private final SortedMap<Long, List<Lane>> snapshots = new TreeMap<>();
    private @Nullable Path file;

    private Acknowledgements(@Nullable Path directory) {
        this.directory = directory;
    }

    /** Tells in a directory that is there. */
    static Acknowledgements in(Path directory) {
        return new Acknowledgements(directory);
    }

    /** Returns the highest position acknowledged of each lane, by the lane's first number: none if it has none. */
    static SortedMap<Integer, Long> read(Path directory) throws IOException {
        SortedMap<Integer, Long> positions = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.filter(Acknowledgements::isFinished).toList()) {
                for (String line : Files.readAllLines(each)) {
                    String[] parts = line.split(" ", -1);
                    positions.merge(Integer.valueOf(parts[0]), Long.valueOf(parts[1]), Math::max);
                }
            }
        }
        return positions;
    }

    private static boolean isFinished(Path file) {
        return file.getFileName().toString().startsWith(FILE);
    }

    void snapshot(long checkpoint, List<Lane> lanes) {
        if (directory != null) {
            snapshots.put(checkpoint, lanes);
        }
    }

    void completed(long checkpoint) throws IOException {
        Optional<List<Lane>> lanes = Optional.ofNullable(snapshots.remove(checkpoint));
        snapshots.headMap(checkpoint).clear();
        if (directory != null && lanes.isPresent()) {
            write(directory, lanes.get());
        }
    }

    private void write(Path to, List<Lane> lanes) throws IOException {
        Path written = Files.createTempFile(to, "writing-", "");
        Files.writeString(
                written,
                lanes.stream().map(lane -> lane.first() + " " + lane.next()).collect(Collectors.joining("\n")));
        if (file == null) {
            file = to.resolve(written.getFileName().toString().replace("writing-", FILE));
        }
        Path unused = Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
