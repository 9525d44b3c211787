package io.flinkmanaged.gcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
import io.flinkmanaged.testkit.EmbeddedGcs;
import io.flinkmanaged.testkit.GcsFault;
import io.flinkmanaged.testkit.GcsOperation;
import io.flinkmanaged.testkit.LoggedLines;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real clusters in one JVM, each with a bucket, a server, an account and a state backend of its own. */
class ClustersOnGcsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long NUMBERS = 6000;

    @AutoClose
    private static final EmbeddedGcs ONE = EmbeddedGcs.start("state-of-one");

    @AutoClose
    private static final EmbeddedGcs OTHER = EmbeddedGcs.start("state-of-other");

    @TempDir
    private static Path directory;

    @Test
    void twoClustersOutliveLossesAndOutagesOfTheirOwnBuckets() throws Exception {
        ClusterSpec rocks =
                spec("rocks", ONE).stateBackend(StateBackend.ROCKSDB).build();
        ClusterSpec heap = spec("heap", OTHER).build();
        ONE.requireTokens();
        OTHER.requireTokens();
        List<String> texts = new ArrayList<>();
        loadTheConnector();
        LoggedLines log = LoggedLines.from("INFO");
        try (ManagedFlink flink = ManagedFlink.configure()
                .workingDirectory(directory.resolve("work"))
                .listener(event -> texts.add(event + event.text()))
                .inProcess()) {
            try (ManagedCluster one = flink.launch(rocks);
                    ManagedCluster other = flink.launch(heap)) {
                ManagedJob ofOne =
                        one.submit("my job %1", environment -> CountingJob.define(environment, "one", NUMBERS, 450));
                ManagedJob ofOther =
                        other.submit("counting", environment -> CountingJob.define(environment, "other", NUMBERS, 450));

                awaitCheckpoints(ofOne, 2);
                awaitCheckpoints(ofOther, 2);
                one.drill().killTaskManager(1);
                outage(ofOther);
                refusesTheSameBucketWithOtherCredentials(flink);
                ofOne.awaitFinished(PATIENCE);
                ofOther.awaitFinished(PATIENCE);
                assertThat(CountingJob.counts("one")).isEqualTo(CountingJob.expected(NUMBERS));
                assertThat(CountingJob.counts("other")).isEqualTo(CountingJob.expected(NUMBERS));
                texts.addAll(shown(one));
                texts.addAll(shown(other));
                texts.addAll(filesBelow(directory.resolve("work")));
            }
        } finally {
            log.close();
        }
        // What Google's connector says of its configuration, at length.
        assertThat(log.lines()).anyMatch(line -> line.contains("Using Hadoop configuration"));
        texts.addAll(log.lines());
        assertThat(canaries()).hasSizeGreaterThan(20);
        assertThat(texts).hasSizeGreaterThan(20).noneMatch(text -> canaries().stream()
                .anyMatch(text::contains));
        assertThat(ONE.keys("production/rocks/")).isNotEmpty();
        assertThat(ONE.keys("production/heap/")).isEmpty();
        // Flink's writer ignores that a piece of what it has composed cannot be deleted, as in the outage.
        assertThat(OTHER.keys("")).isNotEmpty().allMatch(key -> Stream.of(
                        "production/heap/", ".inprogress/state-of-other/production/heap/")
                .anyMatch(key::startsWith));
    }

    /** The whole cluster dies: what is left of it is in the bucket. */
    @Test
    void aStoppedJobGoesOnFromItsIncrementalCheckpointInTheBucket() throws Exception {
        ClusterSpec spec = spec("again", ONE).stateBackend(StateBackend.ROCKSDB).build();
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            try (ManagedCluster first = flink.launch(spec)) {
                ManagedJob job = first.submit(
                        "my job %1", environment -> CountingJob.define(environment, "again", NUMBERS, 1000));
                awaitCheckpoints(job, 3);
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

    /** So that its logging is there to be listened to. */
    private static void loadTheConnector() {
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            assertThat(flink.checkStorage(TestBuckets.withKey(ONE, directory).build()))
                    .isNotNull();
        }
    }

    /** For two seconds nothing answers, then many are refused and some are cut short. */
    private static void outage(ManagedJob job) {
        OTHER.inject(GcsFault.reset());
        long completed = job.progress().completedCheckpoints();
        long before = OTHER.count(request -> true);
        await().atMost(PATIENCE).during(Duration.ofSeconds(2)).until(() -> OTHER.count(request -> true) >= before);
        OTHER.heal();
        OTHER.inject(GcsFault.reject(503, "backendError").first(10));
        OTHER.inject(GcsFault.delay(Duration.ofMillis(200))
                .on(GcsOperation.RESUMABLE_UPLOAD)
                .first(10));
        await().atMost(PATIENCE)
                .until(() -> job.status().isTerminalState() || job.progress().completedCheckpoints() > completed);
    }

    private static void refusesTheSameBucketWithOtherCredentials(ManagedFlink flink) {
        ClusterSpec intruder = ClusterSpec.named("intruder")
                .plan(Plans.TINY)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1))
                        .to(TestBuckets.on(ONE).build()))
                .build();
        assertThatThrownBy(() -> flink.launch(intruder))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessageContaining("cluster intruder")
                .hasMessageContaining("cluster rocks");
    }

    private static List<String> shown(ManagedCluster cluster) throws Exception {
        assertThat(cluster.explain("gs.implicit.dir.repair.enable").toString())
                .contains("false", "STORAGE", "GcsStorage.directoryChecks");
        return List.of(
                cluster.explain().toString(),
                cluster.spec().toString(),
                cluster.spec().toYaml(),
                shownByRest(cluster));
    }

    private static String shownByRest(ManagedCluster cluster) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(cluster.webUi().resolve("/jobmanager/config"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** Each line of both keys, of which no one may be seen again. */
    private static List<String> canaries() {
        return Stream.of(ONE, OTHER)
                .flatMap(server -> server.keyFile().lines())
                .filter(line -> line.contains("private_key\""))
                .flatMap(line -> Stream.of(line.split("\\\\n", -1)))
                .filter(line -> line.length() == 64)
                .toList();
    }

    private static List<String> filesBelow(Path root) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(new String(Files.readAllBytes(file), ISO_8859_1));
            }
            return texts;
        }
    }

    private static ClusterSpec.Builder spec(String name, EmbeddedGcs server) {
        return ClusterSpec.named(name)
                .plan(Plans.TINY)
                .taskSlots(2)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(TestBuckets.withKey(server, directory)
                                .prefix("production")
                                .build()));
    }

    private static void awaitCheckpoints(ManagedJob job, long count) {
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= count);
    }
}
