package io.flinkmanaged.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes the one file of the example out of what the job's parallel sinks have written. */
final class ResultFile {

    private ResultFile() {}

    /**
     * Returns the airports, ordered by their code.
     *
     * @param parts the directory that the job wrote to; files that it never published are hidden and do not count
     */
    static List<DelaySummary> gather(Path parts) throws IOException {
        List<DelaySummary> airports = new ArrayList<>();
        try (Stream<Path> files = Files.list(parts)) {
            for (Path file : files.filter(ResultFile::isPublished).toList()) {
                Files.readAllLines(file).stream().map(DelaySummary::parse).forEach(airports::add);
            }
        }
        airports.sort(Comparator.comparing(DelaySummary::origin));
        return airports;
    }

    /**
     * Holds the result against the input.
     *
     * @param airports ordered by their code
     * @param flightsRead how many flights the input has
     * @throws WrongResultException unless every flight was counted once
     */
    static void check(List<DelaySummary> airports, long flightsRead) {
        for (int i = 1; i < airports.size(); i++) {
            if (airports.get(i).origin().equals(airports.get(i - 1).origin())) {
                throw new WrongResultException("airport " + airports.get(i).origin()
                        + ": two rows (expected: one). A part of the result was written twice.");
            }
        }
        long counted = airports.stream().mapToLong(DelaySummary::flights).sum();
        if (counted != flightsRead) {
            throw new WrongResultException(
                    "flights counted: " + counted + " (expected: " + flightsRead + ", as many as were read). "
                            + (counted < flightsRead ? "Some were lost." : "Some were counted twice."));
        }
    }

    /**
     * Writes the result; whoever looks sees all of it or nothing.
     *
     * @param airports the rows
     * @param file the file
     */
    static void write(List<DelaySummary> airports, Path file) throws IOException {
        StringBuilder text = new StringBuilder(DelaySummary.HEADER).append('\n');
        airports.forEach(airport -> text.append(airport.toRow()).append('\n'));
        Path unfinished = directoryOf(file).resolve("." + file.getFileName() + ".unfinished");
        try {
            Files.writeString(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Removes the result of a former run, so that it cannot be taken for this one's. */
    static void remove(Path file) throws IOException {
        Files.createDirectories(directoryOf(file));
        Files.deleteIfExists(file);
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static boolean isPublished(Path file) {
        return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
    }
}
