package io.flinkmanaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What became of each death of a library, on one node and on three: a table for {@code docs/failover.md}. Thread-safe. */
final class TakeOverTable {

    private static final Path FILE = Path.of("target", "take-over.md");

    private final Map<String, Map<Integer, String>> rows = new LinkedHashMap<>();

    void note(Death death, int nodes, long millis, Healing healing) {
        note(death, nodes, healing + ", " + String.format(Locale.ROOT, "%.1f s", millis / 1000.0));
    }

    synchronized void note(Death death, int nodes, String cell) {
        System.out.println(nodes + " nodes: " + death.action() + ", " + death.when() + ": " + cell);
        rows.computeIfAbsent(death.action() + " | " + death.when(), unused -> new LinkedHashMap<>())
                .put(nodes, cell);
    }

    /** Writes what is known so far to {@code target/take-over.md}. */
    synchronized void write() throws IOException {
        StringBuilder text = new StringBuilder("| in the middle of | dies | one node | three nodes |\n")
                .append("| --- | --- | --- | --- |\n");
        rows.forEach((death, cells) -> text.append("| ")
                .append(death)
                .append(" | ")
                .append(cells.getOrDefault(1, ""))
                .append(" | ")
                .append(cells.getOrDefault(3, ""))
                .append(" |\n"));
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, text);
    }
}
