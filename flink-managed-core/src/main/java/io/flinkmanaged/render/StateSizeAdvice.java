package io.flinkmanaged.render;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.storage.StateFileLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.MemorySize;

/**
 * Whether the state that a spec has room for fits the files of its storage, and the disk that they pass through.
 *
 * <p>With {@code HASHMAP}, and with {@code ROCKSDB} without incremental checkpoints, the state of a task is one file. On the
 * heap it is bounded by the heap, which one task may have for itself; on the disk by nothing that a spec says. Incremental
 * RocksDB sends files of 64 MiB, some at a time. A savepoint is one file a task with both: judged is what the checkpoints
 * need.
 */
public final class StateSizeAdvice {

    /** Flink sends four files of a task at once, and RocksDB makes files of 64 MiB, if nobody says otherwise. */
    private static final MemorySize ROCKSDB_FILES_OF_A_TASK = MemorySize.ofMebiBytes(4L * 64);

    private StateSizeAdvice() {}

    /**
     * Judges a spec on this machine.
     *
     * @param spec a spec whose memory fits its plan
     * @param limits its storage's
     */
    public static List<Finding> of(ClusterSpec spec, StateFileLimits limits) {
        return of(spec, limits, new MemorySize(Runtime.getRuntime().maxMemory()), usable(limits.spool()));
    }

    /** Judges a spec in a JVM with so much heap and a spool directory with so much room. */
    static List<Finding> of(ClusterSpec spec, StateFileLimits limits, MemorySize heapOfJvm, MemorySize usable) {
        List<Finding> findings = new ArrayList<>();
        MemorySize passing = MemorySize.ZERO;
        if (spec.stateBackend() == StateBackend.HASHMAP) {
            MemorySize heap = NodeMemory.of(spec).taskManager().parts().getOrDefault("task heap", MemorySize.ZERO);
            if (heap.compareTo(limits.largest()) > 0) {
                findings.add(tooLong("up to " + mibi(heap) + " MiB, the heap of a TaskManager", limits));
            }
            MemorySize all = heap.multiply(spec.plan().nodes());
            passing = all.compareTo(heapOfJvm) < 0 ? all : heapOfJvm;
        } else if (spec.checkpoints().map(Checkpointing::incremental).orElse(true)) {
            passing = ROCKSDB_FILES_OF_A_TASK.multiply(spec.slotsOfCluster());
        } else {
            findings.add(tooLong("of any size, since checkpoints are not incremental", limits));
        }
        if (usable.compareTo(passing) < 0) {
            findings.add(new Finding(
                            "free space of " + limits.spool(),
                            mibi(usable) + " MiB",
                            "at least " + mibi(passing)
                                    + " MiB, since state files that the tasks of this cluster write at one time pass "
                                    + "through it whole",
                            "Make room, or name a larger disk with the storage's option spool-directory.")
                    .asAdvice());
        }
        return findings;
    }

    private static Finding tooLong(String value, StateFileLimits limits) {
        return new Finding(
                        "state file of one task",
                        value,
                        "at most " + mibi(limits.largest()) + " MiB: " + limits.reason()
                                + "; a checkpoint with a longer one fails, and the job goes on without it",
                        "Keep the state of each task below that with more parallelism, or use ROCKSDB with incremental "
                                + "checkpoints.")
                .asAdvice();
    }

    private static long mibi(MemorySize size) {
        return size.getBytes() >> 20;
    }

    private static MemorySize usable(Path spool) {
        Path there = spool.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            return new MemorySize(Files.getFileStore(there).getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException("free space of " + there + ": cannot be asked for (expected: a disk).", e);
        }
    }
}
