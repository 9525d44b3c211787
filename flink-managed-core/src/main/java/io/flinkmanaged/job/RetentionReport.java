package io.flinkmanaged.job;

import io.flinkmanaged.storage.StoredFile;
import java.util.List;
import org.apache.flink.configuration.MemorySize;

/**
 * What became of a retention plan, as a new listing shows it.
 *
 * @param deleted the files that are gone
 * @param spared the files that the plan names and that were left alone, because by now something needs them, or they had
 *     gone by themselves
 * @param left the files that the storage still shows although it was told to delete them
 */
public record RetentionReport(List<StoredFile> deleted, List<StoredFile> spared, List<StoredFile> left) {

    /** Keeps copies. */
    public RetentionReport {
        deleted = List.copyOf(deleted);
        spared = List.copyOf(spared);
        left = List.copyOf(left);
    }

    /** Returns whether everything is gone that was to be deleted. */
    public boolean isDone() {
        return left.isEmpty();
    }

    /** Returns how long the deleted files were together. */
    public MemorySize freed() {
        return new MemorySize(deleted.stream().mapToLong(StoredFile::bytes).sum());
    }

    /** Returns the numbers for people. */
    @Override
    public String toString() {
        return deleted.size() + " files deleted, " + freed().getBytes() + " bytes; " + spared.size() + " spared, "
                + left.size() + " still shown by the storage";
    }
}
