package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.cluster.ClusterRecord;
import io.flinkmanaged.event.ClusterEvent.JobNotRecovered;
import io.flinkmanaged.event.ClusterEvent.JobSubmitted;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.job.Retention;
import io.flinkmanaged.job.RetentionPlan;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.ProcessIdentity;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of which only the state storage is left. */
class RecoverTest {

    @TempDir
    Path storage;

    @TempDir
    Path others;

    private final Diary diary = new Diary();

    @Test
    void rebuildsAClusterFromItsStorageAloneWithExactSums() throws Exception {
        Path journal = others.resolve("journal");
        Path work = others.resolve("work");
        Path output = Files.createDirectory(others.resolve("output"));
        Process embedder = EmbedderProgram.start(journal, storage, output, work);
        try {
            EmbedderProgram.awaitRunning(embedder);
            await().atMost(PATIENCE).until(() -> EmbedderProgram.completedCheckpoints(storage) >= 2);
        } finally {
            EmbedderProgram.kill(embedder);
        }
        Directories.deleteTree(journal);
        Directories.deleteTree(work);
        plantAJobWhoseArtifactIsGone();

        StorageLocation location = FileStorage.at(storage);
        try (ManagedFlink flink = ManagedFlink.configure().listener(diary).inProcess()) {
            RecoveryPoints points = flink.recoveryPoints(location, "operated", EmbedderProgram.JOB);
            assertThat(points.all()).isNotEmpty().allMatch(RecoveryPoint::isComplete);

            ManagedCluster cluster = flink.recover(location, "operated");
            assertThat(cluster.spec()).isEqualTo(EmbedderProgram.spec(storage));
            await().atMost(PATIENCE)
                    .until(() -> cluster.job(EmbedderProgram.JOB).isPresent());
            ManagedJob job = cluster.job(EmbedderProgram.JOB).orElseThrow();
            job.awaitFinished(PATIENCE);
            assertThat(job.attemptId()).hasToString("epoch-2-attempt-1");
            assertThat(diary.of(JobSubmitted.class)).singleElement().satisfies(event -> assertThat(
                            event.startingPoint())
                    .contains(points.newestComplete().orElseThrow().uri()));

            assertThat(diary.of(JobNotRecovered.class)).singleElement().satisfies(event -> {
                assertThat(event.job()).isEqualTo("lost artifact");
                assertThat(event.reason()).contains("missing", "Submit the program again");
            });
            assertThat(cluster.job("lost artifact").orElseThrow().status()).isEqualTo(JobStatus.FAILED);
        }
        String target = Long.toString(EmbedderProgram.NUMBERS / Counting.KEYS);
        assertThat(Counting.files(output)).isEqualTo(Map.of("0", target, "1", target, "2", target, "3", target));
    }

    @Test
    void refusesAClusterThatALivingProcessOwns() {
        claimedBy(ProcessIdentity.current());
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            assertThatThrownBy(() -> flink.recover(FileStorage.at(storage), "operated"))
                    .isInstanceOfSatisfying(ManagedFlinkException.class, e -> assertThat(e.code())
                            .isEqualTo(Code.CONFLICT))
                    .hasMessageContaining("which lives");
            assertThat(flink.cluster("operated")).isEmpty();
            try (StoredCluster stored = flink.stored(FileStorage.at(storage), "operated")) {
                assertThatThrownBy(stored::declareDead).hasMessageContaining("which lives");
                RetentionPlan plan = stored.planRetention(Retention.ofCheckpoints(1));
                assertThatThrownBy(() -> stored.apply(plan)).hasMessageContaining("which lives");
            }
        }
    }

    @Test
    void takesAPersonsWordForTheDeathOfAnotherHost() {
        claimedBy(new ProcessIdentity("elsewhere.example", 4711, 1, Optional.empty()));
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            assertThatThrownBy(() -> flink.recover(FileStorage.at(storage), "operated"))
                    .hasMessageContaining("cannot be seen from this process")
                    .hasMessageContaining("declareDead()");
            try (StoredCluster stored = flink.stored(FileStorage.at(storage), "operated")) {
                assertThat(stored.declareDead()).hasValue(1);
                assertThat(stored.declareDead()).isEmpty();
            }
            assertThat(flink.recover(FileStorage.at(storage), "operated").spec())
                    .isEqualTo(EmbedderProgram.spec(storage));
        }
    }

    @Test
    void refusesALocationWithoutTheCluster() {
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            assertThatThrownBy(() -> flink.recover(FileStorage.at(storage), "operated"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("operated/cluster.yaml: absent");
        }
        assertThat(storage).isEmptyDirectory();
    }

    private void claimedBy(ProcessIdentity owner) {
        try (StateStorage stored = StorageProviders.onClassPath().open(FileStorage.at(storage))) {
            new ClusterRecord(stored, new ClusterName("operated")).keep(EmbedderProgram.spec(storage));
            stored.write("operated/epochs/epoch-1.yaml", YamlText.write(owner.toFields()));
        }
    }

    /** As if somebody had deleted the plan of a job that ran. */
    private void plantAJobWhoseArtifactIsGone() throws IOException {
        Path jobs = storage.resolve("operated/jobs");
        Path record;
        try (Stream<Path> files = Files.walk(jobs)) {
            record = files.filter(file -> file.endsWith("attempt.yaml"))
                    .findFirst()
                    .orElseThrow();
        }
        Path planted = Files.createDirectories(jobs.resolve("lost%20artifact/epoch-1-attempt-1"));
        Files.writeString(
                planted.resolve("attempt.yaml"),
                Files.readString(record)
                        .replace(EmbedderProgram.JOB, "lost artifact")
                        .replaceAll("plan: .*", "plan: " + "0".repeat(64)));
    }
}
