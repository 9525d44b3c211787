package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.RecoveryChoice;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Operation;
import io.flinkmanaged.testkit.S3Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to find the newest recovery point of a job in a bucket that holds ten thousand objects. */
class FindingOnS3Test {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int OBJECTS = 10_000;
    private static final int MOST_TO_FIND = 10;
    private static final String JOB = "my job %1";
    private static final ClusterName CLUSTER = new ClusterName("crowded");
    private static final String JOBS = CLUSTER + "/jobs/";
    private static final String SEGMENT = new JobName(JOB).pathSegment();

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("crowded");

    @TempDir
    private static Path directory;

    private static StorageLocation location;
    private static String newest;

    /** Two attempts of a real job with incremental checkpoints, and very much beside them. */
    @BeforeAll
    static void fill() {
        location = TestBuckets.on(S3, directory).build();
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            ManagedCluster cluster = flink.operate(spec());
            cluster.awaitHealthy(PATIENCE);
            ManagedJob former = submit(cluster);
            awaitCheckpoints(former);
            former.cancel();
            awaitCheckpoints(submit(cluster));
        }
        String last = JOBS + SEGMENT + "/epoch-1-attempt-2";
        newest = S3.keys(last).stream()
                .filter(key -> key.endsWith("/_metadata"))
                .max(Comparator.comparingLong(FindingOnS3Test::numberOf))
                .map(key -> key.substring(0, key.lastIndexOf('/')))
                .orElseThrow();
        String checkpoints = newest.substring(0, newest.lastIndexOf('/'));
        write(20, i -> checkpoints + "/chk-" + (numberOf(newest) + 1) + "/torn-" + i);
        write(900, i -> checkpoints + "/chk-0/left-over-" + i);
        write(3000, i -> checkpoints + "/shared/of-nobody-" + i);
        write(3000, i -> JOBS + SEGMENT + "/epoch-1-attempt-1/checkpoints/former/chk-" + i / 10 + "/state-" + i % 10);
        write(OBJECTS - S3.keys("").size(), i -> JOBS + "job-" + i / 100 + "/epoch-1-attempt-1/checkpoints/state-" + i);
        assertThat(S3.keys("")).hasSize(OBJECTS);
    }

    @Test
    void aRecoveryFindsTheNewestPointWithTenRequestsAtMost() {
        try (StateStorage storage = StorageProviders.onClassPath().open(location)) {
            S3.forgetRequests();
            JobStore store = new JobStore(storage, CLUSTER);
            RecoveryChoice choice = RecoveryChoice.of(store, store.lastAttempt(SEGMENT), StartingPoint.asItEnded());
            List<S3Request> asked = S3.requests();

            assertThat(choice).isEqualTo(new RecoveryChoice(Optional.of(storage.uriOf(newest)), List.of()));
            List<S3Request> verifying =
                    asked.stream().filter(FindingOnS3Test::verifies).toList();
            assertThat(asked.size() - verifying.size()).as(asked.toString()).isLessThanOrEqualTo(MOST_TO_FIND);
            // Its metadata, Flink's look at its directory, its two files and the shared ones, in pages of a thousand.
            assertThat(verifying).hasSizeLessThanOrEqualTo(6 + 4);
        }
    }

    /** The other points of the last attempt, and of attempts before it, are none of its business. */
    private static boolean verifies(S3Request request) {
        return request.key().startsWith(newest + "/")
                || request.key().equals(newest)
                || request.key().contains("/shared/");
    }

    @Test
    void allPointsOfAJobAreFoundByTheListingThatTellsWhetherTheyAreComplete() {
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            S3.forgetRequests();
            RecoveryPoints points = flink.recoveryPoints(location, CLUSTER.value(), JOB);
            List<S3Request> asked = S3.requests();

            assertThat(points.newestComplete().orElseThrow().uri()).isEqualTo("s3://" + S3.bucket() + "/" + newest);
            assertThat(points.all()).hasSizeGreaterThan(1).allMatch(RecoveryPoint::isComplete);
            assertThat(asked.stream().filter(request -> !request.key().contains("/chk-")))
                    .hasSizeLessThanOrEqualTo(MOST_TO_FIND)
                    .allMatch(request -> request.is(S3Operation.LIST));
            assertThat(asked)
                    .hasSizeLessThanOrEqualTo(MOST_TO_FIND + 4 * points.all().size());
        }
    }

    private static void write(int count, IntFunction<String> keyOf) {
        IntStream.range(0, count).forEach(i -> S3.write(keyOf.apply(i), new byte[] {1}));
    }

    private static long numberOf(String key) {
        return Long.parseLong(key.replaceAll(".*/chk-(\\d+).*", "$1"));
    }

    private static ManagedJob submit(ManagedCluster cluster) {
        return cluster.submit(
                JOB, StartingPoint.latest(), environment -> CountingJob.define(environment, "crowded", 100_000, 500));
    }

    private static void awaitCheckpoints(ManagedJob job) {
        job.awaitRunning(PATIENCE);
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= 3);
    }

    /** State of a few bytes would go into the metadata, and nothing would be shared. */
    private static ClusterSpec spec() {
        return ClusterSpec.named(CLUSTER.value())
                .plan(Plans.TINY)
                .taskSlots(2)
                .stateBackend(StateBackend.ROCKSDB)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200)).to(location))
                .build();
    }
}
