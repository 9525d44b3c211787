package io.flinkmanaged.job;

import io.flinkmanaged.model.JobName;
import io.flinkmanaged.storage.PointKind;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The recovery points of a job.
 *
 * @param job the job
 * @param all its retained checkpoints and savepoints, the oldest first
 */
public record RecoveryPoints(JobName job, List<RecoveryPoint> all) {

    private static final String[] HEAD = {
        "epoch", "attempt", "id", "kind", "completed", "files", "bytes", "state", "where"
    };

    /** Keeps a copy, in order. */
    public RecoveryPoints {
        all = all.stream().sorted().toList();
    }

    /** Returns those that a job can start from, the oldest first. */
    public List<RecoveryPoint> complete() {
        return all.stream().filter(RecoveryPoint::isComplete).toList();
    }

    /** Returns the newest of those that a job can start from. */
    public Optional<RecoveryPoint> newestComplete() {
        return all.stream().filter(RecoveryPoint::isComplete).reduce((older, newer) -> newer);
    }

    /** Returns a table for people: a line a point, the oldest first, and below it what is wrong with it. */
    public String toTable() {
        List<String[]> rows = new ArrayList<>();
        rows.add(HEAD);
        all.forEach(point -> rows.add(row(point)));
        int[] widths = IntStream.range(0, HEAD.length)
                .map(column -> rows.stream()
                        .mapToInt(row -> row[column].length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder table = new StringBuilder("recovery points of job \"" + job + "\": " + all.size() + ", "
                + complete().size() + " complete\n");
        table.append(line(HEAD, widths));
        for (int i = 0; i < all.size(); i++) {
            table.append(line(rows.get(i + 1), widths));
            all.get(i)
                    .defect()
                    .ifPresent(defect -> table.append("  ! ").append(defect).append('\n'));
        }
        return table.toString();
    }

    private static String[] row(RecoveryPoint point) {
        return new String[] {
            Long.toString(point.attempt().epoch().number()),
            Integer.toString(point.attempt().number()),
            point.checkpointId().isPresent()
                    ? Long.toString(point.checkpointId().getAsLong())
                    : "?",
            kindOf(point),
            point.completedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
            Long.toString(point.files()),
            Long.toString(point.size().getBytes()),
            wordOf(point.completeness()),
            point.uri()
        };
    }

    private static String kindOf(RecoveryPoint point) {
        return point.kind() == PointKind.CHECKPOINT
                ? (point.incremental() ? "checkpoint, incremental" : "checkpoint, full")
                : wordOf(point.kind());
    }

    private static String wordOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String line(String[] cells, int[] widths) {
        return IntStream.range(0, cells.length)
                        .mapToObj(column -> cells[column] + " ".repeat(widths[column] - cells[column].length()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing()
                + "\n";
    }

    /** Returns the job and its points, shortly; {@link #toTable()} tells all. */
    @Override
    public String toString() {
        return "RecoveryPoints[" + job + ", "
                + Arrays.toString(all.stream().map(RecoveryPoint::uri).toArray()) + "]";
    }
}
