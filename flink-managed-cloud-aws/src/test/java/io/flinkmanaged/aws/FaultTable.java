package io.flinkmanaged.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of each fault, in each way of running: a table for {@code docs/failover.md}. Thread-safe. */
final class FaultTable {

    private static final Path FILE = Path.of("target", "failover.md");

    private final Map<String, Map<Way, String>> rows = new LinkedHashMap<>();

    synchronized void note(String fault, Way way, String cell) {
        System.out.println(way + ", " + fault + ": " + cell);
        rows.computeIfAbsent(fault, unused -> new EnumMap<>(Way.class)).put(way, cell);
    }

    /** Writes what is known so far to {@code target/failover.md}. */
    synchronized void write() throws IOException {
        StringBuilder text = new StringBuilder("| fault |");
        Stream.of(Way.values()).forEach(way -> text.append(' ').append(way).append(" |"));
        text.append("\n|").append(" --- |".repeat(Way.values().length + 1)).append('\n');
        rows.forEach((fault, cells) -> text.append("| ")
                .append(fault)
                .append(" | ")
                .append(Stream.of(Way.values())
                        .map(way -> cells.getOrDefault(way, ""))
                        .collect(Collectors.joining(" | ")))
                .append(" |\n"));
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, text);
    }
}
