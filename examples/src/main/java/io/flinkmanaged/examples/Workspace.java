package io.flinkmanaged.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files of one run: the input, the checkpoints and what the job writes. Deleted when it is closed. */
final class Workspace implements AutoCloseable {

    /** The input, beside this class. */
    static final String RESOURCE = "flights-2001q1.csv";

    private final Path directory;

    private Workspace(Path directory) {
        this.directory = directory;
    }

    /** Creates a workspace in the directory for temporary files, with the input in it. */
    static Workspace create() throws IOException {
        Workspace workspace = new Workspace(Files.createTempDirectory("flight-delays-"));
        try (InputStream resource = Objects.requireNonNull(Workspace.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            Files.copy(resource, workspace.input());
            return workspace;
        } catch (IOException | RuntimeException e) {
            workspace.close();
            throw e;
        }
    }

    /** Returns the workspace that another process has created, and closes. */
    static Workspace of(Path directory) {
        return new Workspace(directory);
    }

    /** Returns where all of it is. */
    Path directory() {
        return directory;
    }

    /** Returns the file with the flights. */
    Path input() {
        return directory.resolve(RESOURCE);
    }

    /** Returns where checkpoints go. */
    Path state() {
        return directory.resolve("state");
    }

    /** Returns the file with the spec of a cluster that another process operates. */
    Path spec() {
        return directory.resolve("cluster.yaml");
    }

    /** Returns the file with a secret that the spec refers to. */
    Path secret(String name) {
        return directory.resolve(name);
    }

    /** Returns where the process that operates the cluster remembers it. */
    Path journal() {
        return directory.resolve("journal");
    }

    /** Returns where the process that operates the cluster has its temporary files. */
    Path temporary() {
        return directory.resolve("temporary");
    }

    /** Returns where the nodes of a cluster of processes are. */
    Path nodes() {
        return directory.resolve("nodes");
    }

    /** Returns where the job writes its result. */
    Path parts() {
        return directory.resolve("parts");
    }

    /** Returns how many flights the input has. */
    long countFlights() throws IOException {
        try (Stream<String> lines = Files.lines(input())) {
            return lines.filter(line -> !line.equals(Flight.HEADER)).count();
        }
    }

    /** Deletes what a cluster and its operator have, except the state; the input and the result are the world outside. */
    void deleteAllButTheState() {
        delete(journal());
        delete(temporary());
        delete(spec());
    }

    /** Deletes what JobManagers left for their successors; in a bucket it stays, and nobody reads it. */
    void deleteHighAvailabilityData() {
        Path left = state().resolve(FlightsCluster.NAME).resolve("ha").resolve("epoch-1");
        if (Files.exists(left)) {
            delete(left);
        }
    }

    @Override
    public void close() {
        delete(directory);
    }

    private static void delete(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            List<Path> leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : leavesFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(root + ": could not be deleted (expected: nobody uses it).", e);
        }
    }
}
