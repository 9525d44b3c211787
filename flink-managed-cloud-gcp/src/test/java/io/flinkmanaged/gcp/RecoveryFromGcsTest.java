package io.flinkmanaged.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.StoredCluster;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.job.Retention;
import io.flinkmanaged.job.RetentionPlan;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.file.FileStorage;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.EmbeddedGcs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of which only its bucket is left: rebuilt, pruned and copied elsewhere, with incremental checkpoints. */
@Tag("slow")
class RecoveryFromGcsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String JOB = "my job %1";
    private static final String RUN = "recovered";
    /** Numbers a second: enough time for some checkpoints, and none to lose. */
    private static final double SLOWLY = 500;

    private static final double FAST = 20_000;
    private static final long NUMBERS = 12_000;

    /** A read of the metadata, and Flink's looks at its directory, which does not exist by itself. */
    private static final int REQUESTS_A_POINT = 8;

    @AutoClose
    private static final EmbeddedGcs GCS = EmbeddedGcs.start("all-that-is-left");

    @TempDir
    private static Path elsewhere;

    @Test
    void isRebuiltFromTheBucketAloneWithExactSums() throws Exception {
        StorageLocation location = TestBuckets.on(GCS).prefix("production").build();
        try (ManagedFlink lost = ManagedFlink.inProcess()) {
            ManagedCluster cluster = lost.operate(spec(location));
            cluster.awaitHealthy(PATIENCE);
            ManagedJob job = submit(cluster, StartingPoint.asItEnded(), SLOWLY);
            awaitCheckpoints(job, 2);
            assertThat(job.savepoint()).startsWith("gs://all-that-is-left/production/");
            awaitCheckpoints(job, 4);
        }
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            long before = GCS.count(request -> true);
            RecoveryPoints points = flink.recoveryPoints(location, "left", JOB);
            assertThat(points.all()).as(points.toTable()).isNotEmpty().allMatch(RecoveryPoint::isComplete);
            assertThat(points.newestComplete().orElseThrow().incremental()).isTrue();
            assertThat(GCS.count(request -> true) - before)
                    .isLessThanOrEqualTo(
                            10 + REQUESTS_A_POINT * (long) points.all().size());

            ManagedCluster cluster = flink.recover(location, "left");
            assertThat(cluster.spec()).isEqualTo(spec(location));
            await().atMost(PATIENCE).until(() -> cluster.job(JOB).isPresent());
            ManagedJob job = cluster.job(JOB).orElseThrow();
            job.awaitRunning(PATIENCE);
            assertThat(job.startingPoint())
                    .contains(points.newestComplete().orElseThrow().uri());
            awaitCheckpoints(job, 2);
            job.cancel();
            restoresFromEach(points, cluster);

            RecoveryPoint newest = cluster.recoveryPoints(JOB).newestComplete().orElseThrow();
            pruneAllBut(newest, cluster.stored());
            String copy = cluster.stored().copyTo(newest, FileStorage.at(elsewhere));
            submit(cluster, StartingPoint.at(copy), FAST).awaitFinished(PATIENCE);
            assertThat(CountingJob.counts(RUN)).isEqualTo(CountingJob.expected(NUMBERS));
        }
    }

    /** Checkpoints, incremental ones, and the savepoint. */
    private static void restoresFromEach(RecoveryPoints points, ManagedCluster cluster) {
        assertThat(points.all()).hasSizeGreaterThanOrEqualTo(3);
        for (RecoveryPoint point : points.all()) {
            String run = "from " + point.uri();
            ManagedJob job = cluster.submit(
                    "restored",
                    StartingPoint.at(point.uri()),
                    environment -> CountingJob.define(environment, run, NUMBERS, FAST));
            job.awaitFinished(PATIENCE);
            assertThat(CountingJob.counts(run)).as(point.uri()).isEqualTo(CountingJob.expected(NUMBERS));
            assertThat(CountingJob.takeWork(run)).as(point.uri()).isLessThan(NUMBERS);
        }
    }

    /** The point that the last attempt started from stays, too, and the savepoint. */
    private static void pruneAllBut(RecoveryPoint newest, StoredCluster stored) {
        RetentionPlan plan = stored.planRetention(Retention.ofCheckpoints(1));
        assertThat(plan.points()).isNotEmpty();
        assertThat(stored.apply(plan).isDone()).isTrue();
        List<RecoveryPoint> left = stored.recoveryPoints(JOB).all();
        assertThat(left).hasSize(3).contains(newest).allMatch(RecoveryPoint::isComplete);
    }

    private static void awaitCheckpoints(ManagedJob job, int count) {
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= count);
    }

    private static ManagedJob submit(ManagedCluster cluster, StartingPoint from, double perSecond) {
        ManagedJob job =
                cluster.submit(JOB, from, environment -> CountingJob.define(environment, RUN, NUMBERS, perSecond));
        return job;
    }

    /** State of a few bytes would go into the metadata, and nothing would be shared. */
    private static ClusterSpec spec(StorageLocation location) {
        return ClusterSpec.named("left")
                .plan(Plans.TINY)
                .taskSlots(2)
                .stateBackend(StateBackend.ROCKSDB)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200)).to(location))
                .build();
    }
}
