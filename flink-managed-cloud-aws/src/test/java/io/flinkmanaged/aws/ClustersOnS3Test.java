package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real clusters in one JVM, each with a bucket, a server, a region and a state backend of its own. */
class ClustersOnS3Test {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long NUMBERS = 3000;

    @AutoClose
    private static final EmbeddedS3 ONE = EmbeddedS3.start("state-of-one", "eu-central-1");

    @AutoClose
    private static final EmbeddedS3 OTHER = EmbeddedS3.start("state-of-other");

    @TempDir
    private static Path directory;

    @Test
    void twoClustersOutliveLossesAndOutagesOfTheirOwnBuckets() throws Exception {
        ClusterSpec rocks =
                spec("rocks", ONE).stateBackend(StateBackend.ROCKSDB).build();
        ClusterSpec heap = spec("heap", OTHER).build();
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            try (ManagedCluster one = flink.launch(rocks);
                    ManagedCluster other = flink.launch(heap)) {
                ManagedJob ofOne =
                        one.submit("my job %1", environment -> CountingJob.define(environment, "one", NUMBERS, 450));
                ManagedJob ofOther =
                        other.submit("counting", environment -> CountingJob.define(environment, "other", NUMBERS, 450));

                awaitCheckpoint(ONE, 2);
                awaitCheckpoint(OTHER, 2);
                one.drill().killTaskManager(1);
                outage();
                refusesTheSameBucketWithOtherCredentials(flink);
                refusesAFileSink(other);

                ofOne.awaitFinished(PATIENCE);
                ofOther.awaitFinished(PATIENCE);
                assertThat(CountingJob.counts("one")).isEqualTo(CountingJob.expected(NUMBERS));
                assertThat(CountingJob.counts("other")).isEqualTo(CountingJob.expected(NUMBERS));
                assertNoSecretIsShown(one, other);
            }
        }
        assertThat(ONE.keys("")).allMatch(key -> key.startsWith("production/rocks/"));
        assertThat(OTHER.keys("")).allMatch(key -> key.startsWith("production/heap/"));
    }

    /** The whole cluster dies: what is left of it is in the bucket. */
    @Test
    void aStoppedJobGoesOnFromItsIncrementalCheckpointInTheBucket() throws Exception {
        ClusterSpec spec = spec("again", ONE).stateBackend(StateBackend.ROCKSDB).build();
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            try (ManagedCluster first = flink.launch(spec)) {
                ManagedJob unused = first.submit(
                        "my job %1", environment -> CountingJob.define(environment, "again", NUMBERS, 1000));
                awaitCheckpoint(ONE, 3);
                await().atMost(PATIENCE).until(() -> CountingJob.total("again") > NUMBERS / 3);
            }
            assertThat(CountingJob.takeWork("again")).isGreaterThan(NUMBERS / 3);
            try (ManagedCluster second = flink.launch(spec)) {
                second.submit("my job %1", environment -> CountingJob.define(environment, "again", NUMBERS, 1000))
                        .awaitFinished(PATIENCE);
            }
        }
        assertThat(CountingJob.counts("again")).isEqualTo(CountingJob.expected(NUMBERS));
        assertThat(CountingJob.takeWork("again")).isLessThan(NUMBERS);
    }

    /** For two seconds nothing answers, then many are refused and some are cut short. */
    private static void outage() {
        OTHER.inject(S3Fault.reset());
        long before = OTHER.count(request -> true);
        await().atMost(PATIENCE).during(Duration.ofSeconds(2)).until(() -> OTHER.count(request -> true) >= before);
        OTHER.heal();
        OTHER.inject(S3Fault.reject(503, "SlowDown").first(10));
        OTHER.inject(S3Fault.delay(Duration.ofMillis(200)).on(S3Operation.PUT).first(10));
        int seen = checkpoints(OTHER);
        await().atMost(PATIENCE).until(() -> checkpoints(OTHER) > seen);
    }

    private static void refusesTheSameBucketWithOtherCredentials(ManagedFlink flink) {
        ClusterSpec intruder = ClusterSpec.named("intruder")
                .plan(Plans.TINY)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1))
                        .to(TestBuckets.on(ONE, directory, "another-secret").build()))
                .build();
        assertThatThrownBy(() -> flink.launch(intruder))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessageContaining("cluster intruder")
                .hasMessageContaining("cluster rocks");
    }

    private static void refusesAFileSink(ManagedCluster cluster) {
        assertThatThrownBy(() -> cluster.submit("sink", environment -> {
                    environment
                            .fromSequence(1, 10)
                            .map(Object::toString)
                            .sinkTo(FileSink.forRowFormat(
                                            new org.apache.flink.core.fs.Path("s3://state-of-other/files"),
                                            new SimpleStringEncoder<String>())
                                    .build());
                    environment.execute("sink");
                }))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessageContaining("FLINK-39778");
    }

    private static void assertNoSecretIsShown(ManagedCluster one, ManagedCluster other) throws Exception {
        assertThat(one.explain("s3.region").toString()).contains("eu-central-1", "STORAGE", "S3Storage.region");
        for (ManagedCluster cluster : List.of(one, other)) {
            assertThat(cluster.explain("s3.secret-key").toString()).contains("is not set");
            assertThat(shownByRest(cluster)).contains("s3.region").doesNotContain(ONE.secretKey(), ONE.accessKey());
        }
    }

    private static String shownByRest(ManagedCluster cluster) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(cluster.webUi().resolve("/jobmanager/config"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static ClusterSpec.Builder spec(String name, EmbeddedS3 server) {
        return ClusterSpec.named(name)
                .plan(Plans.TINY)
                .taskSlots(2)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(TestBuckets.on(server, directory)
                                .prefix("production")
                                .build()));
    }

    private static void awaitCheckpoint(EmbeddedS3 server, int least) {
        int before = checkpoints(server);
        await().atMost(PATIENCE).until(() -> checkpoints(server) >= before + least);
    }

    /** How many metadata files have been written so far, by the requests. */
    private static int checkpoints(EmbeddedS3 server) {
        return (int) server.count(request -> request.is(S3Operation.PUT)
                && request.key().contains("/chk-")
                && request.key().endsWith("/_metadata"));
    }
}
