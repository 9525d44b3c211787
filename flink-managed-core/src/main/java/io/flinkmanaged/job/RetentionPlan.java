package io.flinkmanaged.job;

import io.flinkmanaged.storage.StoredFile;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.MemorySize;

/**
 * What a retention would delete. A value: nothing is deleted before it is applied.
 *
 * @param cluster whose state it is
 * @param retention what it is made from
 * @param points the checkpoints and savepoints that would go, the oldest of each job first; damaged ones among them
 * @param files the files that would go: theirs, and what is left of points that were never completed; never one that a
 *     point that stays refers to
 */
public record RetentionPlan(String cluster, Retention retention, List<RecoveryPoint> points, List<StoredFile> files) {

    /** Keeps copies. */
    public RetentionPlan {
        points = List.copyOf(points);
        files = List.copyOf(files);
    }

    /** Returns whether nothing would be deleted. */
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /** Returns how long the files are together: what would be free. */
    public MemorySize size() {
        return new MemorySize(files.stream().mapToLong(StoredFile::bytes).sum());
    }

    /** Returns the plan for people: a line a point, and the sum. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        points.forEach(point -> text.append("delete ")
                .append(point.uri())
                .append(
                        point.isComplete()
                                ? ""
                                : "  (" + point.completeness().name().toLowerCase(Locale.ROOT) + ")")
                .append('\n'));
        return text.append(points.size())
                .append(" points, ")
                .append(files.size())
                .append(" files, ")
                .append(size().getBytes())
                .append(" bytes of cluster ")
                .append(cluster)
                .append('\n')
                .toString();
    }
}
