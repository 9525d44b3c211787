package io.flinkmanaged.storage.file;

import io.flinkmanaged.model.Finding;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.MemorySize;

/** What will be regretted about a directory that can be written. */
final class FileStorageAdvice {

    /** What a handful of checkpoints of small jobs takes: with less, the next savepoint may not fit. */
    private static final MemorySize LITTLE = MemorySize.ofMebiBytes(1024);

    /** File systems in the machine's memory, by the names that Linux has for them. */
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

    private FileStorageAdvice() {}

    /**
     * Looks at a directory.
     *
     * @param directory which exists
     * @throws IOException if it is not there any more
     */
    static List<Finding> on(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return of(directory, store.type(), store.getUsableSpace());
    }

    /** Judges the file system below a directory, by its type and the bytes that this process may still write. */
    static List<Finding> of(Path directory, String type, long usable) {
        List<Finding> findings = new ArrayList<>();
        if (IN_MEMORY.contains(type)) {
            findings.add(new Finding(
                            "storage " + directory,
                            type,
                            "a file system on a disk, since this one is empty after the machine's next start",
                            "Name a directory elsewhere with FileStorage.at(…), if the state is to outlive the "
                                    + "machine's memory.")
                    .asAdvice());
        }
        if (usable < LITTLE.getBytes()) {
            findings.add(new Finding(
                            "free space of " + directory,
                            MemorySize.ofMebiBytes(Math.max(0, usable) >> 20).toString(),
                            "at least " + LITTLE
                                    + ": a checkpoint that does not fit fails, and the jobs go on without it",
                            "Make room, or delete old state with StoredCluster.planRetention(…).")
                    .asAdvice());
        }
        return findings;
    }
}
