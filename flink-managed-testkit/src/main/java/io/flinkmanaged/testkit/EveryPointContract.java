package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.PointKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Every point that is kept on any storage, not the newest alone, is one that a job starts from and ends exactly: checkpoints
 * of the heap, incremental ones of RocksDB, savepoints. The test of an adapter extends this class.
 */
public abstract class EveryPointContract {

    private static final Duration AT_MOST = Duration.ofMinutes(5);
    private static final long NUMBERS = 30_000;
    private static final int KEPT = 3;

    @AutoClose
    private final Patience patience = new Patience();

    /** For the adapter's test. */
    protected EveryPointContract() {}

    /** Returns where the state goes; there is nothing in it at first. */
    protected abstract StorageLocation location();

    @Test
    void hashMapAndIncrementalRocksDb() throws Exception {
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(spec())) {
            List<ManagedJob> writing = List.of(begin(cluster, "hashmap"), begin(cluster, "rocksdb"));
            for (ManagedJob job : writing) {
                patience.awaitCheckpoints(job, KEPT + 1);
                String unused = job.savepoint();
                job.cancel();
            }
            List<ManagedJob> restored = new ArrayList<>();
            for (String backend : List.of("hashmap", "rocksdb")) {
                List<RecoveryPoint> points = cluster.recoveryPoints(backend).all();
                assertThat(points).hasSizeGreaterThan(KEPT).allMatch(RecoveryPoint::isComplete);
                assertThat(points)
                        .filteredOn(point -> point.kind() == PointKind.CHECKPOINT)
                        .allMatch(point -> point.incremental() == backend.equals("rocksdb"));
                for (RecoveryPoint point : points) {
                    restored.add(submit(cluster, nameOf(point, backend), backend, StartingPoint.at(point.uri()), 1e6));
                }
            }
            for (ManagedJob job : restored) {
                job.awaitFinished(AT_MOST);
                assertThat(CountingJob.counts(runOf(job.name())))
                        .as(job.name())
                        .isEqualTo(CountingJob.expected(NUMBERS));
                assertThat(CountingJob.takeWork(runOf(job.name())))
                        .as(job.name())
                        .isLessThan(NUMBERS);
            }
        }
    }

    private ManagedJob begin(ManagedCluster cluster, String backend) {
        return submit(cluster, backend, backend, StartingPoint.asItEnded(), 500);
    }

    private ManagedJob submit(
            ManagedCluster cluster, String name, String backend, StartingPoint from, double perSecond) {
        Configuration own = new Configuration();
        own.set(StateBackendOptions.STATE_BACKEND, backend);
        return cluster.submit(name, from, environment -> {
            environment.configure(own);
            CountingJob.define(environment, runOf(name), NUMBERS, perSecond);
        });
    }

    private String runOf(String job) {
        return location().scheme() + " " + job;
    }

    private static String nameOf(RecoveryPoint point, String backend) {
        return backend + " from " + point.uri().substring(point.uri().lastIndexOf('/') + 1);
    }

    /** State of a few bytes would go into the metadata, and nothing would be shared. */
    private ClusterSpec spec() {
        return ClusterSpec.named("every-point")
                .plan(Plans.TINY)
                .taskSlots(8)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(location())
                        .retained(KEPT))
                .build();
    }
}
