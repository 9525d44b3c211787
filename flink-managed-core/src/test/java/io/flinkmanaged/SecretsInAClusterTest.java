package io.flinkmanaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Throwables;
import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.config.Explanation;
import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries: secrets that must never be seen again, once they are in a cluster. */
class SecretsInAClusterTest {

    private static final String HIDDEN_BY_FLINK = "canary-one-4711";
    private static final String NOT_HIDDEN_BY_FLINK = "canary-two-4712";
    private static final String WITHIN_A_VALUE = "canary-three-4713";

    @TempDir
    private Path directory;

    @Test
    void areSeenByFlinkAloneAndNothingElseDiffersFromWhatWasRendered() throws Exception {
        ClusterSpec spec = TestClusters.spec("canaries", directory.resolve("state")).toBuilder()
                .override("s3.secret-key", file(HIDDEN_BY_FLINK).toString())
                .override("s3.access-key", file(NOT_HIDDEN_BY_FLINK).toString())
                .override("metrics.reporter.canary.url", "jdbc:x?password=" + file(WITHIN_A_VALUE))
                .build();
        List<String> texts = new ArrayList<>(List.of(spec.toString(), spec.toYaml()));
        Diary diary = new Diary();
        try (LoggedTexts log = LoggedTexts.begin();
                ManagedFlink flink = ManagedFlink.configure()
                        .workingDirectory(directory.resolve("work"))
                        .journal(directory.resolve("journal"))
                        .listener(diary)
                        .inProcess()) {
            texts.add(flink.explain(spec).toString());
            ManagedCluster cluster = flink.operate(spec);
            cluster.awaitHealthy(TestClusters.PATIENCE);
            texts.add(cluster.explain().toString());
            texts.add(cluster.preview(spec.toBuilder().taskSlots(1).build()).toString());
            texts.add(rest(cluster));
            assertThat(cluster.drift()).isEmpty();
            assertThat(cluster.explain("s3.access-key").inEffect().map(Setting::shownValue))
                    .contains(file(NOT_HIDDEN_BY_FLINK).toString());
            texts.add(failing(cluster));
            assertThat(jobOf(cluster)).isEqualTo("250 ms");
            await().untilAsserted(() -> assertThat(diary.of(JobEnded.class)).isNotEmpty());
            diary.all().forEach(event -> texts.add(event + event.text()));
            // What a job throws is in Flink's own log of it.
            assertThat(log.lines()).anyMatch(line -> line.contains("EpochStarted") || line.contains("is up after"));
            texts.addAll(log.lines().stream()
                    .filter(line -> !line.contains("IllegalStateException: cannot log in"))
                    .toList());
            texts.addAll(filesBelow(directory.resolve("work")));
            texts.addAll(filesBelow(directory.resolve("state")));
            texts.addAll(filesBelow(directory.resolve("journal")));
            cluster.terminate();
        }
        assertThat(texts).hasSizeGreaterThan(20).noneMatch(text -> text.contains("canary-"));
    }

    @Test
    void thatAreMissingStopALaunchBeforeAnythingStarts() throws Exception {
        ClusterSpec spec = ClusterSpec.named("canaries")
                .override("s3.secret-key", SecretRef.env("NO_SUCH_VARIABLE").toString())
                .override("s3.access-key", new SecretRef("vault", "x").toString())
                .build();
        Path work = directory.resolve("work");
        try (ManagedFlink flink =
                ManagedFlink.configure().workingDirectory(work).inProcess()) {
            assertThatThrownBy(() -> flink.launch(spec))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("secret ${secret:env:NO_SUCH_VARIABLE}: not there")
                    .hasMessageContaining("nobody resolves the scheme vault");
            assertThat(flink.cluster("canaries")).isEmpty();
            try (Stream<Path> left = Files.list(work)) {
                assertThat(left).isEmpty();
            }
        }
    }

    /** A job whose own failure quotes a secret. */
    private String failing(ManagedCluster cluster) {
        String file = directory.resolve(WITHIN_A_VALUE.substring(7)).toString();
        ManagedJob job = cluster.submit("leaky", environment -> {
            environment.configure(restartingNever());
            environment
                    .fromData(1)
                    .map(number -> {
                        if (number > 0) {
                            throw new IllegalStateException("cannot log in with " + Files.readString(Path.of(file)));
                        }
                        return number;
                    })
                    .sinkTo(new DiscardingSink<>());
            environment.executeAsync();
        });
        try {
            job.awaitFinished(TestClusters.PATIENCE);
            throw new AssertionError("the job finished");
        } catch (JobFailedException e) {
            assertThat(e).hasMessageContaining("cannot log in with …");
            return Throwables.getStackTraceAsString(e);
        }
    }

    private static org.apache.flink.configuration.Configuration restartingNever() {
        org.apache.flink.configuration.Configuration none = new org.apache.flink.configuration.Configuration();
        none.setString("restart-strategy.type", "none");
        return none;
    }

    /** What a job sets in its own configuration wins, if Flink asks the job for it. */
    private static String jobOf(ManagedCluster cluster) {
        ManagedJob job = cluster.submit("own", SecretsInAClusterTest::ownConfiguration);
        Explanation interval = cluster.explain("own", "execution.checkpointing.interval");
        assertThat(interval.inEffect().map(Setting::layer)).contains(Layer.JOB);
        assertThat(interval.outvoted()).extracting(Setting::layer).contains(Layer.SPEC);
        assertThat(cluster.explain("own", "execution.checkpointing.dir").inEffect())
                .hasValueSatisfying(dir -> assertThat(dir.value()).contains("/canaries/jobs/own/epoch-1-attempt-1"));
        Explanation timeout = cluster.explain("own", "heartbeat.timeout");
        assertThat(timeout.inEffect().map(Setting::layer)).contains(Layer.FLINK_DEFAULT);
        assertThat(timeout.ignored().map(Setting::value)).contains("7 s");
        assertThat(cluster.explain("own", "execution.checkpointing.timeout")
                        .inEffect()
                        .map(Setting::layer))
                .contains(Layer.SPEC);
        assertThatThrownBy(() -> cluster.explain("another", "heartbeat.timeout"))
                .hasMessageContaining("leaky, own");
        job.cancel();
        return interval.inEffect().orElseThrow().value();
    }

    private static void ownConfiguration(StreamExecutionEnvironment environment) throws Exception {
        environment.enableCheckpointing(250);
        org.apache.flink.configuration.Configuration own = new org.apache.flink.configuration.Configuration();
        own.setString("heartbeat.timeout", "7 s");
        environment.configure(own);
        environment.fromSequence(0, Long.MAX_VALUE).sinkTo(new DiscardingSink<>());
        environment.executeAsync();
    }

    private SecretRef file(String secret) throws IOException {
        return SecretRef.file(Files.writeString(directory.resolve(secret.substring(7)), secret + "\n"));
    }

    private static String rest(ManagedCluster cluster) throws IOException {
        try (InputStream answer =
                cluster.webUi().resolve("/jobmanager/config").toURL().openStream()) {
            String text = new String(answer.readAllBytes(), UTF_8);
            assertThat(text).contains("s3.access-key", "******");
            return text;
        }
    }

    private static List<String> filesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.exists(file) ? new String(Files.readAllBytes(file), UTF_8) : "");
            }
            return texts;
        }
    }

    /** Everything that is logged from INFO on: the tests' console appender follows {@code System.out}. */
    private static final class LoggedTexts implements AutoCloseable {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final PrintStream before = System.out;

        static LoggedTexts begin() throws ReflectiveOperationException {
            LoggedTexts log = new LoggedTexts();
            System.setOut(new PrintStream(log.bytes, true, UTF_8));
            setRootLevel("INFO");
            return log;
        }

        /** By reflection: javac misses annotations of Log4j's packages, and a warning is an error here. */
        private static void setRootLevel(String name) throws ReflectiveOperationException {
            Class<?> level = Class.forName("org.apache.logging.log4j.Level");
            Class.forName("org.apache.logging.log4j.core.config.Configurator")
                    .getMethod("setRootLevel", level)
                    .invoke(null, level.getField(name).get(null));
        }

        List<String> lines() {
            return bytes.toString(UTF_8).lines().toList();
        }

        @Override
        public void close() throws ReflectiveOperationException {
            setRootLevel("WARN");
            System.setOut(before);
        }
    }
}
