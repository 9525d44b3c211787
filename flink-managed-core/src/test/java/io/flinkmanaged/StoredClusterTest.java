package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.StateDeleted;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.Retention;
import io.flinkmanaged.job.RetentionPlan;
import io.flinkmanaged.job.RetentionReport;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.StoredFile;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real cluster with RocksDB and incremental checkpoints leaves in its storage. */
class StoredClusterTest {

    private static final String JOB = "counting";
    private static final long NUMBERS = 4000;

    @TempDir
    private Path storage;

    @TempDir
    private Path elsewhere;

    private final Diary diary = new Diary();

    @Test
    void findsPrunesAndCopiesWhatAJobCanStartFrom() throws Exception {
        try (ManagedFlink flink = ManagedFlink.configure().listener(diary).inProcess();
                ManagedCluster cluster = flink.launch(spec())) {
            ManagedJob first = submit(cluster, StartingPoint.asItEnded());
            awaitCheckpoints(first, 3);
            String savepoint = first.savepoint();
            String stopped = first.stopWithSavepoint();
            ManagedJob second = submit(cluster, StartingPoint.asItEnded());
            assertThat(second.startingPoint()).contains(stopped);
            awaitCheckpoints(second, 4);
            second.cancel();

            List<RecoveryPoint> points = cluster.recoveryPoints(JOB).all();
            assertThat(points).allMatch(RecoveryPoint::isComplete).isSorted();
            assertThat(points)
                    .filteredOn(point -> point.kind() == PointKind.SAVEPOINT)
                    .extracting(StoredClusterTest::flinksUri)
                    .containsExactly(savepoint);
            assertThat(points)
                    .filteredOn(point -> point.kind() == PointKind.STOP_SAVEPOINT)
                    .extracting(StoredClusterTest::flinksUri)
                    .containsExactly(stopped);
            RecoveryPoint newest = cluster.recoveryPoints(JOB).newestComplete().orElseThrow();
            assertThat(newest).satisfies(point -> {
                assertThat(point.kind()).isEqualTo(PointKind.CHECKPOINT);
                assertThat(point.incremental()).isTrue();
                assertThat(point.attempt()).isEqualTo(second.attemptId());
            });

            ManagedJob third = submit(cluster, StartingPoint.latest());
            assertThat(third.startingPoint()).contains(newest.uri());
            awaitCheckpoints(third, 1);
            prune(cluster, newest, stopped);
            third.cancel();

            String copy = cluster.stored().copyTo(newest, FileStorage.at(elsewhere));
            assertThat(cluster.stored().copyTo(newest, FileStorage.at(elsewhere)))
                    .isEqualTo(copy);
            Directories.deleteTree(storage.resolve("stored/jobs/counting/" + newest.attempt()));
            ManagedJob fromTheCopy = submit(cluster, StartingPoint.at(copy));
            fromTheCopy.awaitFinished(PATIENCE);
            assertThat(fromTheCopy.startingPoint()).contains(copy);
            assertThat(Counting.counts(JOB)).isEqualTo(Counting.expected(NUMBERS));
        }
    }

    /** By that, a job which Flink has forgotten is known to have finished: decision 0076. */
    @Test
    void keepsNoCheckpointOfAJobThatHasFinishedAndThoseOfOneThatWasCancelled() throws Exception {
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(spec())) {
            ManagedJob cancelled = submitShort(cluster);
            awaitCheckpoints(cancelled, 1);
            cancelled.cancel();
            ManagedJob finished = submitShort(cluster);
            awaitCheckpoints(finished, 1);
            finished.awaitFinished(PATIENCE);
            // Flink tells the end, and then deletes.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            cluster.recoveryPoints("short").all())
                    .isNotEmpty()
                    .allMatch(point -> point.attempt().equals(cancelled.attemptId())));
        }
    }

    private static ManagedJob submitShort(ManagedCluster cluster) {
        return cluster.submit("short", environment -> Counting.define(environment, "short", 2000, 500));
    }

    private void prune(ManagedCluster cluster, RecoveryPoint newest, String stopped) {
        StoredCluster stored = cluster.stored();
        RetentionPlan plan = stored.planRetention(Retention.ofCheckpoints(1).andSavepoints(1));
        assertThat(plan.points()).isNotEmpty();
        assertThat(plan.files())
                .extracting(StoredFile::path)
                .noneMatch(path -> path.contains(cluster.job(JOB).orElseThrow().attemptId() + "/"));

        RetentionReport report = stored.apply(plan);
        assertThat(report.isDone()).isTrue();
        assertThat(report.deleted()).isEqualTo(plan.files());
        await().untilAsserted(() -> assertThat(diary.of(StateDeleted.class))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.bytes()).isEqualTo(plan.size().getBytes())));

        List<RecoveryPoint> left = cluster.recoveryPoints(JOB).all();
        assertThat(left).allMatch(RecoveryPoint::isComplete);
        assertThat(left).extracting(StoredClusterTest::flinksUri).contains(flinksUri(newest), stopped);
        assertThat(stored.planRetention(plan.retention()).isEmpty()).isTrue();
        assertThat(stored.apply(plan).spared()).isEqualTo(plan.files());
    }

    /** Flink writes {@code file:/tmp} where it was given {@code file:///tmp}. */
    private static String flinksUri(RecoveryPoint point) {
        return new org.apache.flink.core.fs.Path(point.uri()).toString();
    }

    private static void awaitCheckpoints(ManagedJob job, int count) {
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= count);
    }

    private static ManagedJob submit(ManagedCluster cluster, StartingPoint from) {
        ManagedJob job = cluster.submit(JOB, from, environment -> Counting.define(environment, JOB, NUMBERS, 500));
        job.awaitRunning(PATIENCE);
        return job;
    }

    /** State of a few bytes would go into the metadata, and nothing would be shared. */
    private ClusterSpec spec() {
        return TestClusters.spec("stored", storage).toBuilder()
                .stateBackend(StateBackend.ROCKSDB)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .build();
    }
}
