package io.flinkmanaged.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.flink.KeptPlan;
import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.CheckpointFiles;
import io.flinkmanaged.storage.CompletePoint;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobStoreTest {

    private static final ClusterName CLUSTER = new ClusterName("flights");
    private static final KeptPlan PLAN = KeptPlan.of("a plan".getBytes(UTF_8));

    @TempDir
    private Path root;

    @TempDir
    private Path local;

    private StateStorage storage;
    private JobStore store;

    @BeforeEach
    void openStorage() {
        storage = StorageProviders.onClassPath().open(FileStorage.at(root));
        store = new JobStore(storage, CLUSTER);
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Test
    void knowsNoJobAtFirst() {
        assertThat(store.jobSegments()).isEmpty();
        assertThat(store.lastAttempt("delays")).isEmpty();
    }

    @Test
    void remembersAttempts() {
        JobAttempt attempt = Attempts.of("my job", 1, 1);
        store.begin(attempt);
        assertThat(store.jobSegments()).containsExactly("my%20job");
        assertThat(store.lastAttempt("my%20job")).contains(attempt);
        assertThat(new JobStore(storage, new ClusterName("trains")).jobSegments())
                .isEmpty();
    }

    @Test
    void ordersAttemptsByNumberNotByText() {
        for (JobAttempt attempt : List.of(
                Attempts.of("delays", 9, 1),
                Attempts.of("delays", 10, 2),
                Attempts.of("delays", 10, 10),
                Attempts.of("delays", 10, 9),
                Attempts.of("delays", 2, 30))) {
            store.begin(attempt);
        }
        assertThat(store.lastAttempt("delays")).contains(Attempts.of("delays", 10, 10));
    }

    @Test
    void looksAtNothingButAttempts() {
        store.begin(Attempts.of("delays", 1, 1));
        for (String other : List.of(
                "epoch-2",
                "epoch-2-attempt-",
                "epoch-0-attempt-1",
                "epoch-2-attempt-0",
                "epoch-02-attempt-1",
                "tmp",
                "epoch-99999999999999999999-attempt-1",
                "epoch-2-attempt-99999999999")) {
            storage.write("flights/jobs/delays/" + other + "/attempt.yaml", "junk");
        }
        assertThat(store.lastAttempt("delays")).contains(Attempts.of("delays", 1, 1));
    }

    @Test
    void passesOverADirectoryWithoutARecord() {
        store.begin(Attempts.of("delays", 1, 1));
        storage.write("flights/jobs/delays/epoch-2-attempt-1/checkpoints/x", "any");
        assertThat(store.lastAttempt("delays")).contains(Attempts.of("delays", 1, 1));
    }

    @Test
    void refusesASecondRecordOfAnAttempt() {
        store.begin(Attempts.of("delays", 1, 1));
        assertThatThrownBy(() -> store.begin(Attempts.of("delays", 1, 1)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("epoch-1-attempt-1/attempt.yaml: exists (expected: absent)")
                .hasMessageContaining("end one of the two");
    }

    @Test
    void keepsTheFirstEndOfAnAttempt() {
        JobAttempt attempt = Attempts.of("delays", 1, 1);
        store.begin(attempt);
        assertThat(store.endOf(attempt)).isEmpty();
        store.end(attempt, AttemptEnd.of(Kind.FAILED));
        store.end(attempt, AttemptEnd.of(Kind.FINISHED));
        assertThat(store.endOf(attempt)).contains(AttemptEnd.of(Kind.FAILED));
        assertThat(store.endOf(Attempts.of("delays", 1, 2))).isEmpty();
    }

    @Test
    void tellsAnEndByItsClusterFromOthers() {
        JobAttempt attempt = Attempts.of("delays", 1, 1);
        store.begin(attempt);
        assertThat(store.notes().isHalt(attempt, AttemptEnd.of(Kind.CANCELED))).isFalse();
        store.notes().noteHalt(attempt, Kind.STOPPED, Instant.EPOCH);
        store.notes().noteHalt(attempt, Kind.CANCELED, Instant.EPOCH);
        assertThat(store.notes().isHalt(attempt, AttemptEnd.of(Kind.CANCELED))).isTrue();
        assertThat(store.notes().isHalt(attempt, AttemptEnd.of(Kind.STOPPED))).isFalse();
        store.notes().forgetHalt(attempt);
        store.notes().forgetHalt(attempt);
        assertThat(store.notes().isHalt(attempt, AttemptEnd.of(Kind.CANCELED))).isFalse();
    }

    @Test
    void namesADamagedRecordAndItsField() {
        JobAttempt attempt = Attempts.of("delays", 1, 1);
        store.begin(attempt);
        storage.write("flights/jobs/delays/epoch-1-attempt-1/attempt.yaml", "format: 1\njob: delays\n");
        assertThatThrownBy(() -> store.lastAttempt("delays"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "attempt record flights/jobs/delays/epoch-1-attempt-1/attempt.yaml, field attempt");
        storage.write("flights/jobs/delays/epoch-1-attempt-1/end.yaml", "end: EXPLODED\n");
        assertThatThrownBy(() -> store.endOf(attempt))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("end.yaml, field end: EXPLODED (expected: how an attempt can end)");
    }

    @Test
    void findsCheckpointsWhereFlinkIsToldToPutThem() {
        JobAttempt attempt = Attempts.of("my job", 3, 2);
        String directory = store.checkpointsUri(attempt.job(), attempt.id());
        assertThat(directory).isEqualTo("file://" + root + "/flights/jobs/my%20job/epoch-3-attempt-2/checkpoints");
        assertThat(store.savepointsUri(attempt.job(), attempt.id()))
                .isEqualTo("file://" + root + "/flights/jobs/my%20job/epoch-3-attempt-2/savepoints");
        assertThat(store.newestCheckpoint(attempt).newestComplete()).isEmpty();
        // Flink adds the job's id.
        String flinks = directory + "/" + attempt.jobId().toHexString();
        CheckpointFiles.write(Path.of(flinks.substring("file://".length()), "chk-7"), 7);
        assertThat(store.newestCheckpoint(attempt).newestComplete()).contains(new CompletePoint(flinks + "/chk-7", 7));
    }

    @Test
    void knowsThatAnAttemptHasRunByWhatIsLeftOfIt() {
        JobAttempt attempt = Attempts.of("delays", 1, 1);
        store.begin(attempt);
        assertThat(store.hasRun(attempt)).isFalse();
        CheckpointFiles.write(localCheckpoint(attempt, 7), 7);
        assertThat(store.hasRun(attempt)).isTrue();

        JobAttempt stopped = Attempts.of("delays", 1, 2);
        CheckpointFiles.writeStopSavepoint(localSavepoint(stopped), 9);
        assertThat(store.hasRun(stopped)).isTrue();

        JobAttempt finished = Attempts.of("delays", 1, 3);
        store.notes().noteCheckpoint(finished, Instant.EPOCH);
        assertThat(store.hasRun(finished)).isTrue();
    }

    @Test
    void showsTheEndsThatFlinkHasForgotten() throws Exception {
        JobAttempt attempt = Attempts.of("delays", 1, 1);
        store.begin(attempt);
        assertThat(store.endShown(attempt)).as("nothing is known").isEmpty();
        CheckpointFiles.write(localCheckpoint(attempt, 7), 7);
        store.notes().noteCheckpoint(attempt, Instant.EPOCH);
        assertThat(store.endShown(attempt)).as("its state is there").isEmpty();
        Files.writeString(localCheckpoint(attempt, 7).resolve("_metadata"), "torn");
        assertThat(store.endShown(attempt)).as("its state is damaged").isEmpty();
        Files.delete(localCheckpoint(attempt, 7).resolve("_metadata"));
        assertThat(store.endShown(attempt)).contains(AttemptEnd.of(Kind.FINISHED));
        Path savepoint = CheckpointFiles.writeStopSavepoint(localSavepoint(attempt), 9);
        assertThat(store.endShown(attempt)).contains(new AttemptEnd(Kind.STOPPED, Optional.of("file://" + savepoint)));
        store.notes().noteCancel(attempt, Instant.EPOCH);
        assertThat(store.endShown(attempt)).contains(AttemptEnd.of(Kind.CANCELED));
    }

    private Path localCheckpoint(JobAttempt attempt, long number) {
        return Path.of(store.checkpointsUri(attempt.job(), attempt.id()).substring("file://".length()))
                .resolve(attempt.jobId() + "/chk-" + number);
    }

    private Path localSavepoint(JobAttempt attempt) {
        return Path.of(store.savepointsUri(attempt.job(), attempt.id()).substring("file://".length()))
                .resolve("savepoint-1");
    }

    @Test
    void keepsArtifactsByTheirContent() throws Exception {
        Path jar = Files.writeString(local.resolve("job.jar"), "classes");
        Artifact artifact = store.artifacts().keep(PLAN, List.of(jar), true);
        assertThat(artifact)
                .isEqualTo(new Artifact(
                        Digests.sha256("a plan".getBytes(UTF_8)),
                        List.of(Digests.sha256("classes".getBytes(UTF_8))),
                        true));
        assertThat(store.artifacts().keep(PLAN, List.of(jar), true)).isEqualTo(artifact);
        assertThat(store.artifacts().plan(artifact).bytes()).isEqualTo(PLAN.bytes());
        assertThat(storage.children("flights/artifacts"))
                .containsExactlyInAnyOrder(
                        artifact.plan() + ".plan", artifact.jars().get(0) + ".jar");
    }

    @Test
    void fetchesJarsOnceEach() throws Exception {
        Path first = Files.writeString(local.resolve("first.jar"), "first");
        Path second = Files.writeString(local.resolve("second.jar"), "second");
        Artifact artifact = store.artifacts().keep(PLAN, List.of(second, first), false);
        Path target = Files.createDirectory(local.resolve("fetched"));
        List<Path> fetched = store.artifacts().fetchJars(artifact, target);
        assertThat(fetched).satisfiesExactly(jar -> assertThat(jar).hasContent("second"), jar -> assertThat(jar)
                .hasContent("first"));
        deleteArtifact(artifact.jars().get(0) + ".jar");
        assertThat(store.artifacts().fetchJars(artifact, target)).isEqualTo(fetched);
    }

    @Test
    void fetchesAJarAgainThatIsDamagedHere() throws Exception {
        Path jar = Files.writeString(local.resolve("job.jar"), "classes");
        Artifact artifact = store.artifacts().keep(PLAN, List.of(jar), false);
        Path torn = Files.writeString(local.resolve(artifact.jars().get(0) + ".jar"), "cla");
        assertThat(store.artifacts().fetchJars(artifact, local)).containsExactly(torn);
        assertThat(torn).hasContent("classes");
    }

    @Test
    void saysWhichArtifactIsMissing() throws Exception {
        Path jar = Files.writeString(local.resolve("job.jar"), "classes");
        Artifact artifact = store.artifacts().keep(PLAN, List.of(jar), false);
        deleteArtifact(artifact.plan() + ".plan");
        deleteArtifact(artifact.jars().get(0) + ".jar");
        assertThatThrownBy(() -> store.artifacts().plan(artifact))
                .isInstanceOf(ArtifactLostException.class)
                .hasMessageContaining(artifact.plan() + ".plan: missing")
                .hasMessageContaining("Submit the program again");
        assertThatThrownBy(() -> store.artifacts().fetchJars(artifact, Files.createDirectory(local.resolve("fetched"))))
                .isInstanceOf(ArtifactLostException.class)
                .hasMessageContaining(artifact.jars().get(0) + ".jar: missing");
    }

    @Test
    void saysWhichArtifactIsDamaged() throws Exception {
        Artifact artifact = store.artifacts().keep(PLAN, List.of(), false);
        Files.writeString(root.resolve("flights/artifacts/" + artifact.plan() + ".plan"), "another plan");
        assertThatThrownBy(() -> store.artifacts().plan(artifact))
                .isInstanceOf(ArtifactLostException.class)
                .hasMessageContaining(artifact.plan() + ".plan: damaged")
                .hasMessageContaining("Delete it and submit the program again");
    }

    @Test
    void saysWhichJarCannotBeRead() {
        assertThatThrownBy(() -> store.artifacts().keep(PLAN, List.of(local.resolve("absent.jar")), false))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("absent.jar: cannot be read");
    }

    private void deleteArtifact(String name) throws Exception {
        Files.delete(root.resolve("flights/artifacts/" + name));
    }
}
