package io.flinkmanaged.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.testkit.EmbeddedGcs;
import io.flinkmanaged.testkit.GcsOperation;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Flink's recoverable writer on GCS keeps what S3's loses: a file that is open over a checkpoint goes on, after a loss, where
 * the checkpoint left it.
 */
@Tag("slow")
class FileSinkOnGcsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long NUMBERS = 3000;

    @AutoClose
    private static final EmbeddedGcs GCS = EmbeddedGcs.start("results");

    @Test
    void aFileSinkWritesEachRecordOnceThoughATaskManagerIsLost() throws Exception {
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(spec())) {
            ManagedJob job = cluster.submit("numbers", FileSinkOnGcsTest::writeNumbers);
            for (int loss = 1; loss <= 2; loss++) {
                awaitCheckpoints(job, 3);
                cluster.drill().killTaskManager(1);
                await().atMost(PATIENCE).until(() -> job.progress().restored().isPresent());
            }
            job.awaitFinished(PATIENCE);
            assertThat(job.progress().restored()).isPresent();
        }
        assertThat(linesOfAllFiles())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, NUMBERS).mapToObj(Long::toString).toList());
        assertThat(GCS.keys(""))
                .as("what is left beside the results: pieces that no checkpoint knew, and the state")
                .allMatch(key -> Stream.of("numbers/", ".inprogress/", "state/").anyMatch(key::startsWith));
        assertThat(GCS.count(request -> request.is(GcsOperation.COMPOSE))).isPositive();
    }

    /** A file stays open for the whole run, so that the losses hit it. */
    private static void writeNumbers(StreamExecutionEnvironment environment) throws Exception {
        environment
                .fromSource(
                        new DataGeneratorSource<>(
                                number -> number, NUMBERS, RateLimiterStrategy.perSecond(200), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .map(number -> Long.toString(number))
                .returns(Types.STRING)
                .sinkTo(FileSink.forRowFormat(new Path("gs://results/numbers"), new SimpleStringEncoder<String>())
                        .withBucketAssigner(new BasePathBucketAssigner<>())
                        .withRollingPolicy(DefaultRollingPolicy.builder()
                                .withMaxPartSize(MemorySize.ofMebiBytes(100))
                                .withRolloverInterval(Duration.ofHours(1))
                                .withInactivityInterval(Duration.ofHours(1))
                                .build())
                        .build());
        environment.execute("numbers");
    }

    private static List<String> linesOfAllFiles() {
        return GCS.keys("numbers/").stream()
                .filter(key -> key.contains("/part-"))
                .flatMap(key -> new String(GCS.read(key).orElseThrow(), UTF_8).lines())
                .toList();
    }

    private static void awaitCheckpoints(ManagedJob job, int further) {
        long seen = job.progress().completedCheckpoints();
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= seen + further);
    }

    private static ClusterSpec spec() {
        return ClusterSpec.named("sinking")
                .plan(Plans.TINY)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(TestBuckets.on(GCS).prefix("state").build()))
                .build();
    }
}
