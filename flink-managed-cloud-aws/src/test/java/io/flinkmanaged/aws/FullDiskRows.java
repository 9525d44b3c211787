package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.testkit.proof.ExactlyOnceProof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/** The directory of one node is full for a while, on a cluster of its own whose job has tasks in every slot. */
final class FullDiskRows {

    private static final Duration SHORTAGE = Duration.ofSeconds(30);
    private static final int MEBIBYTES = 200;
    private static final int KEYS = 1000;

    private final Way way;
    private final ManagedFlink flink;
    private final Path directory;
    private final FaultTable table;
    private final SettableClock clock;
    private final Callable<Boolean> prepared;

    /**
     * Fills nothing yet.
     *
     * @param directory that of the test
     */
    FullDiskRows(
            Way way,
            ManagedFlink flink,
            Path directory,
            FaultTable table,
            SettableClock clock,
            Callable<Boolean> prepared) {
        this.way = way;
        this.flink = flink;
        this.directory = directory;
        this.table = table;
        this.clock = clock;
        this.prepared = prepared;
    }

    /**
     * Makes the row of a state backend, on a cluster that was never launched.
     */
    void make(ClusterSpec spec) throws Throwable {
        String fault = "directory of a node full for " + SHORTAGE.toSeconds() + " s, state "
                + (spec.stateBackend() == StateBackend.ROCKSDB ? "in RocksDB" : "on the heap");
        String name = spec.name().value();
        Path node = directory.resolve("nodes/nodes/clusters/" + name + "/epoch-1/node-" + way.nodes());
        Optional<FullDisk> mounted = FullDisk.mount(node, MEBIBYTES);
        if (mounted.isEmpty()) {
            table.note(fault, way, "not tried: only root may mount a disk");
            return;
        }
        ExactlyOnceProof proof = ExactlyOnceProof.in(directory.resolve("proof-" + name));
        // Unmounted first: what is mounted on cannot be deleted.
        try (ManagedCluster cluster = flink.launch(spec);
                FullDisk disk = mounted.get()) {
            ManagedJob job = submit(cluster, name, proof);
            Sufferer sufferer = new Sufferer(way, cluster, job, table, clock, prepared);
            sufferer.outlasts(fault, () -> {
                keepFull(disk);
                disk.relieve();
            });
            job.stopWithSavepoint();
        } finally {
            mounted.get().close();
        }
        assertThat(proof).isExactlyOnce();
    }

    /** What dies there leaves room, which would be enough for so small a state. */
    private static void keepFull(FullDisk disk) {
        await().pollInterval(Duration.ofMillis(200))
                .during(SHORTAGE)
                .atMost(SHORTAGE.multipliedBy(2))
                .until(() -> {
                    disk.fill();
                    return true;
                });
    }

    private ManagedJob submit(ManagedCluster cluster, String name, ExactlyOnceProof proof) {
        return cluster.submit(name, environment -> {
            environment.setParallelism(way.nodes() * cluster.spec().taskSlots());
            proof.numbers(environment, 200)
                    .keyBy(number -> number % KEYS)
                    .map(new Counting())
                    .sinkTo(proof.sink());
            environment.execute();
        });
    }

    /** Remembers something, and hands on what it is given. */
    private static final class Counting extends RichMapFunction<Long, Long> {
        private static final long serialVersionUID = 1L;

        private transient ValueState<Long> count;

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        }

        @Override
        public Long map(Long number) throws Exception {
            Long before = count.value();
            count.update(before == null ? 1 : before + 1);
            return number;
        }
    }
}
