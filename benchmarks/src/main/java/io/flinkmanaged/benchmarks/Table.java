package io.flinkmanaged.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows as text and as Markdown. */
final class Table {

    private static final List<String> HEADER =
            List.of("measure", "ours: median (min..max)", "peer: median (min..max)", "ratio", "bound", "met");

    private Table() {}

    /** Returns the rows in columns, for a terminal. */
    static String text(List<Row> rows) {
        List<List<String>> lines = withHeader(rows);
        List<Integer> widths = IntStream.range(0, HEADER.size())
                .mapToObj(column -> lines.stream()
                        .mapToInt(cells -> cells.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        return lines.stream()
                .map(cells -> IntStream.range(0, cells.size())
                        .mapToObj(column -> padded(cells.get(column), widths.get(column)))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns the rows as a Markdown table. */
    static String markdown(List<Row> rows) {
        List<List<String>> lines = withHeader(rows);
        lines.add(1, HEADER.stream().map(cell -> "---").toList());
        return lines.stream()
                .map(cells -> "| " + String.join(" | ", cells) + " |")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<List<String>> withHeader(List<Row> rows) {
        List<List<String>> lines = new ArrayList<>(List.of(HEADER));
        rows.forEach(row -> lines.add(row.cells()));
        return lines;
    }

    private static String padded(String cell, int width) {
        return cell + " ".repeat(width - cell.length());
    }
}
