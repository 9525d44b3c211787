package io.flinkmanaged.aws;

import io.flinkmanaged.node.PreparedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the library makes in the background for the next start and the next loss of a cluster of processes. */
final class Preparations {

    private static final int KINDS = 3;

    private final Path nodes;
    private final int standbys;

    /**
     * Looks at what is there.
     *
     * @param nodes where all processes work
     * @param standbys how many JVMs stand by in the end
     */
    Preparations(Path nodes, int standbys) {
        this.nodes = nodes;
        this.standbys = standbys;
    }

    boolean areComplete() throws IOException {
        return !Files.exists(nodes.resolve("training"))
                && count(nodes.resolve("distributions"), path -> path.toString().endsWith(".jsa")) >= KINDS
                && count(nodes.resolve("clusters"), Preparations::standsBy) >= standbys;
    }

    private static boolean standsBy(Path path) {
        return path.endsWith(PreparedProcess.READY) && !Files.exists(path.resolveSibling(PreparedProcess.BEGIN));
    }

    private static long count(Path directory, Predicate<Path> what) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(what).count();
        } catch (UncheckedIOException | NoSuchFileException e) {
            // Something went away meanwhile.
            return 0;
        }
    }
}
