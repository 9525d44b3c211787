package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One job through all the trouble that a network and a busy server make. The outage lasts a second, and as long as {@code
 * -Doutage=PT30S} says.
 */
class OutageOnS3Test {

    private static final Duration OUTAGE = Duration.parse(System.getProperty("outage", "PT1S"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int A_SECOND = 300;
    private static final long NUMBERS = A_SECOND * (OUTAGE.toSeconds() + 600);
    private static final String RUN = "outage";

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("out-of-order");

    @TempDir
    private static Path directory;

    @Test
    void aJobOutlivesAnOutageWithoutARestartAndEndsExactly() throws Exception {
        List<ClusterEvent> events = new CopyOnWriteArrayList<>();
        try (ManagedFlink flink = ManagedFlink.configure().listener(events::add).inProcess();
                ManagedCluster cluster = flink.launch(spec())) {
            ManagedJob job = cluster.submit("counting", env -> Counting.define(env, RUN, NUMBERS, A_SECOND));
            awaitCheckpoints(job, 2);
            AttemptId attempt = job.attemptId();

            outlivesAnOutage(job);
            outlives(job, S3Fault.reject(503, "SlowDown").first(20));
            outlives(
                    job,
                    S3Fault.delay(Duration.ofMillis(300)).on(S3Operation.PUT).first(10));
            outlives(job, S3Fault.reset().first(10));
            outlives(job, S3Fault.loseAnswer().on(S3Operation.PUT).first(5));
            assertThat(job.attemptId()).isEqualTo(attempt);
            assertThat(events).noneMatch(JobInterrupted.class::isInstance);

            restoresThroughTrouble(cluster, job);
            String savepoint = job.stopWithSavepoint();
            assertThat(savepoint).startsWith("s3://out-of-order/");
            cluster.submit("counting", env -> Counting.define(env, RUN, NUMBERS, 100_000))
                    .awaitFinished(PATIENCE);
            assertThat(Counting.counts(RUN)).isEqualTo(Counting.expected(NUMBERS));
        }
    }

    /** Nothing answers; the job works on, and its checkpoints fail. */
    private static void outlivesAnOutage(ManagedJob job) {
        S3.inject(S3Fault.reset());
        long counted = Counting.total(RUN);
        await().atMost(OUTAGE.plus(PATIENCE))
                .during(OUTAGE)
                .until(() -> job.progress().stoppedWith().isEmpty());
        assertThat(Counting.total(RUN)).isGreaterThan(counted);
        S3.heal();
        awaitCheckpoints(job, 2);
    }

    private static void outlives(ManagedJob job, S3Fault fault) {
        S3.inject(fault);
        awaitCheckpoints(job, 2);
        S3.heal();
    }

    /** State that cannot be read at once is read later, and never in part. */
    private static void restoresThroughTrouble(ManagedCluster cluster, ManagedJob job) {
        S3.inject(S3Fault.truncate().on(S3Operation.GET).first(2));
        S3.inject(S3Fault.reset().on(S3Operation.GET).first(2));
        S3.inject(S3Fault.reject(503, "SlowDown").on(S3Operation.GET).first(2));
        cluster.drill().killTaskManager(1);
        await().atMost(PATIENCE).until(() -> job.progress().restored().isPresent());
        awaitCheckpoints(job, 2);
        S3.heal();
    }

    private static void awaitCheckpoints(ManagedJob job, int further) {
        long seen = job.progress().completedCheckpoints();
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= seen + further);
    }

    /** State of a few bytes would go into the metadata, and nothing else would be read. */
    private static ClusterSpec spec() {
        return ClusterSpec.named("outage")
                .plan(Plans.TINY)
                .stateBackend(StateBackend.ROCKSDB)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(TestBuckets.on(S3, directory).build()))
                .build();
    }
}
