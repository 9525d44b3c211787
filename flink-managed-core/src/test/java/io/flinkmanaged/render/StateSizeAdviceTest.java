package io.flinkmanaged.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateFileLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;

class StateSizeAdviceTest {

    private static final StateFileLimits LIMITS =
            new StateFileLimits(MemorySize.ofMebiBytes(5 * 1024), "Amazon's limit", Path.of("/no/such/spool"));
    private static final MemorySize TERABYTE = MemorySize.ofMebiBytes(1 << 20);

    @Test
    void isSilentWhereStateCannotBecomeTooLarge() {
        assertThat(advice(Plans.SINGLE_NODE_4GB, StateBackend.HASHMAP, true, TERABYTE))
                .isEmpty();
        assertThat(advice(Plans.THREE_NODE_32GB, StateBackend.ROCKSDB, true, TERABYTE))
                .isEmpty();
    }

    @Test
    void warnsOfAHeapThatHoldsMoreThanAFileMay() {
        assertThat(advice(Plans.THREE_NODE_32GB, StateBackend.HASHMAP, true, TERABYTE))
                .singleElement()
                .satisfies(advice -> assertThat(advice.isError()).isFalse())
                .asString()
                .matches("state file of one task: up to \\d{5} MiB, the heap of a TaskManager "
                        + "\\(expected: at most 5120 MiB: Amazon's limit.*");
    }

    @Test
    void warnsOfFullCheckpointsOfRocksDb() {
        assertThat(advice(Plans.SINGLE_NODE_4GB, StateBackend.ROCKSDB, false, TERABYTE))
                .singleElement()
                .asString()
                .contains("of any size, since checkpoints are not incremental");
    }

    @Test
    void countsWhatPassesThroughTheSpoolDirectory() {
        assertThat(advice(Plans.TINY, StateBackend.ROCKSDB, true, MemorySize.ofMebiBytes(1000)))
                .singleElement()
                .asString()
                .startsWith("free space of /no/such/spool: 1000 MiB (expected: at least 1024 MiB,");
        MemorySize little = MemorySize.ofMebiBytes(100);
        StateFileLimits limits = LIMITS;
        assertThat(StateSizeAdvice.of(
                        spec(Plans.THREE_NODE_4GB, StateBackend.HASHMAP, true),
                        limits,
                        MemorySize.ofMebiBytes(512),
                        little))
                .singleElement()
                .asString()
                .startsWith("free space of /no/such/spool: 100 MiB (expected: at least 512 MiB,");
    }

    @Test
    void asksTheDiskThatTheDirectoryWouldBeOn() {
        assertThat(StateSizeAdvice.of(spec(Plans.TINY, StateBackend.HASHMAP, true), LIMITS))
                .noneMatch(Finding::isError);
    }

    private static List<Finding> advice(Plan plan, StateBackend backend, boolean incremental, MemorySize usable) {
        return StateSizeAdvice.of(spec(plan, backend, incremental), LIMITS, TERABYTE, usable);
    }

    private static ClusterSpec spec(Plan plan, StateBackend backend, boolean incremental) {
        return ClusterSpec.named("sizes")
                .plan(plan)
                .taskSlots(4)
                .stateBackend(backend)
                .checkpoints(Checkpointing.every(Duration.ofMinutes(1))
                        .to(StorageLocation.at("s3://state"))
                        .incremental(incremental))
                .build();
    }
}
