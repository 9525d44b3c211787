package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.JobQuarantined;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.supervise.FailoverPolicy;
import io.flinkmanaged.supervise.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts a cluster with a job that fails at the same record for ever, and one that does not. */
class PoisonedJobTest {

    @TempDir
    private Path storage;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @BeforeEach
    void bePatient() {
        Awaitility.setDefaultTimeout(PATIENCE);
    }

    @Test
    void isQuarantinedAndGoesOnFromItsCheckpointWhenTheCauseIsGone() throws IOException {
        try (ManagedFlink flink = impatient().inProcess()) {
            isQuarantinedAndGoesOn(flink);
        }
    }

    /** There, failures are told by REST, and jobs come with a jar. */
    @Test
    @Tag("slow")
    void isQuarantinedAlsoOnProcesses() throws IOException {
        Path processes = temporary.resolve("processes");
        try (ManagedFlink flink = impatient().withoutClassSharing().processes(processes)) {
            isQuarantinedAndGoesOn(flink);
        } finally {
            ProcessesBelow.kill(processes);
        }
    }

    private ManagedFlinkBuilder impatient() {
        return ManagedFlink.configure()
                .listener(diary)
                .failoverPolicy(FailoverPolicy.quarantiningAfter(5, Duration.ZERO));
    }

    private void isQuarantinedAndGoesOn(ManagedFlink flink) throws IOException {
        Path poison = temporary.resolve("poison");
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (ManagedCluster cluster = flink.launch(TestClusters.spec("poisoned", storage))) {
            ManagedJob sound =
                    cluster.submit("sound", environment -> Counting.defineWithFiles(environment, counts, 90_000, 100));
            ManagedJob poisoned = cluster.submit("parse", environment -> Parsing.define(environment, poison));
            await().until(() -> poisoned.progress().completedCheckpoints() >= 2);
            cluster.awaitHealthy(PATIENCE);

            Files.createFile(poison);
            await().until(() -> !diary.of(JobQuarantined.class).isEmpty());
            assertThat(diary.of(JobQuarantined.class)).singleElement().satisfies(event -> {
                assertThat(event.job()).isEqualTo("parse");
                assertThat(event.failures()).isGreaterThanOrEqualTo(5);
                assertThat(event.fingerprint())
                        .startsWith("java.lang.IllegalStateException: record # is bad (at io.flinkmanaged.Parsing.");
            });
            assertThatThrownBy(() -> poisoned.awaitFinished(PATIENCE))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("quarantined after")
                    .hasMessageContaining("submit the job again by its name");
            await().until(() -> cluster.health().reason().contains("in quarantine"));
            assertThat(cluster.health().state()).isEqualTo(Health.State.DEGRADED);
            await().until(() -> cluster.observe().jobs().stream()
                    .noneMatch(job -> job.jobId().equals(poisoned.jobId())
                            && !job.status().isGloballyTerminalState()));
            long before = sound.progress().completedCheckpoints();
            await().until(() -> sound.progress().completedCheckpoints() > before);

            Files.delete(poison);
            ManagedJob again = cluster.submit("parse", environment -> Parsing.define(environment, poison));
            assertThat(again.startingPoint()).get().asString().contains("/epoch-1-attempt-1/checkpoints/");
            cluster.awaitHealthy(PATIENCE);
        }
    }

    /** Within an epoch, Flink restores the newest checkpoint again and again, and no other. */
    @Test
    void isQuarantinedWhenItsNewestCheckpointIsDamaged() {
        ClusterSpec spec = TestClusters.spec("damaged", storage).toBuilder()
                .override("execution.checkpointing.data-inline-threshold", "0 b")
                .build();
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .failoverPolicy(FailoverPolicy.quarantiningAfter(5, Duration.ZERO))
                        .inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob job =
                    cluster.submit("sums", environment -> Counting.define(environment, "damaged", 90_000, 100));
            await().until(() -> job.progress().completedCheckpoints() >= 2);
            await().atMost(PATIENCE.multipliedBy(3)).until(() -> {
                // A checkpoint may be completed in between; then it is the newest, and sound.
                deleteStateFiles();
                if (cluster.health().state() == Health.State.HEALTHY) {
                    cluster.drill().killTaskManager(1);
                }
                return !diary.of(JobQuarantined.class).isEmpty();
            });
            assertThat(diary.of(JobQuarantined.class))
                    .singleElement()
                    .satisfies(event -> assertThat(event.fingerprint()).contains("FileNotFoundException"));
            await().until(() -> cluster.health().reason().contains("in quarantine"));
        }
    }

    private void deleteStateFiles() throws IOException {
        try (Stream<Path> files = Files.walk(storage)) {
            for (Path file : files.filter(PoisonedJobTest::isStateFile).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            // Flink deletes files, too; the next round finds what is left.
            assertThat(e).hasCauseInstanceOf(NoSuchFileException.class);
        }
    }

    private static boolean isStateFile(Path file) {
        return Files.isRegularFile(file) && file.toString().contains("/checkpoints/") && !file.endsWith("_metadata");
    }
}
