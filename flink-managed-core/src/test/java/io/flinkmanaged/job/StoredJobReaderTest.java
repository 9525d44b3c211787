package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.storage.CheckpointFiles;
import io.flinkmanaged.storage.Completeness;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.filemerging.LogicalFile.LogicalFileId;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints with Flink's own metadata, without a Flink cluster. */
class StoredJobReaderTest {

    private static final String FLINKS_ID = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path root;

    private StateStorage storage;
    private Path job;

    @BeforeEach
    void openStorage() {
        storage = StorageProviders.onClassPath().open(FileStorage.at(root));
        job = root.resolve("flights/jobs/delays");
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Test
    void findsEveryCheckpointAndSavepointOfEveryAttemptInOrder() {
        checkpoint("epoch-2-attempt-1", 4);
        checkpoint("epoch-1-attempt-1", 20);
        checkpoint("epoch-1-attempt-1", 3);
        CheckpointFiles.writeStopSavepoint(job.resolve("epoch-1-attempt-2/savepoints/savepoint-012345-77"), 9);
        checkpoint("epoch-10-attempt-1", 1);
        List<RecoveryPoint> points = read().points();
        assertThat(points)
                .extracting(
                        point -> point.attempt() + "/" + point.checkpointId().getAsLong())
                .containsExactly(
                        "epoch-1-attempt-1/3",
                        "epoch-1-attempt-1/20",
                        "epoch-1-attempt-2/9",
                        "epoch-2-attempt-1/4",
                        "epoch-10-attempt-1/1");
        assertThat(points)
                .extracting(RecoveryPoint::kind)
                .containsExactly(
                        PointKind.CHECKPOINT,
                        PointKind.CHECKPOINT,
                        PointKind.STOP_SAVEPOINT,
                        PointKind.CHECKPOINT,
                        PointKind.CHECKPOINT);
        assertThat(points).allMatch(RecoveryPoint::isComplete);
        assertThat(points.get(2).uri())
                .isEqualTo(storage.uriOf("flights/jobs/delays/epoch-1-attempt-2/savepoints/savepoint-012345-77"));
    }

    @Test
    void tellsHowManyFilesAndBytesAPointHas() throws Exception {
        Path directory = checkpoint("epoch-1-attempt-1", 3);
        assertThat(read().points()).singleElement().satisfies(point -> {
            assertThat(point.files()).isEqualTo(3);
            assertThat(point.size().getBytes()).isEqualTo(64 + 64 + Files.size(directory.resolve("_metadata")));
            assertThat(point.completedAt())
                    .isEqualTo(Files.getLastModifiedTime(directory.resolve("_metadata"))
                            .toInstant());
            assertThat(point.incremental()).isFalse();
        });
    }

    @Test
    void takesNoDirectoryWithoutMetadataForAPoint() {
        CheckpointFiles.stateFile(job.resolve("epoch-1-attempt-1/checkpoints/" + FLINKS_ID + "/chk-4/keyed"));
        CheckpointFiles.stateFile(job.resolve("epoch-1-attempt-1/checkpoints/" + FLINKS_ID + "/shared/_metadata"));
        CheckpointFiles.stateFile(job.resolve("epoch-1-attempt-1/chk-5/_metadata"));
        CheckpointFiles.stateFile(job.resolve("not-an-attempt/checkpoints/" + FLINKS_ID + "/chk-4/_metadata"));
        assertThat(read().points()).isEmpty();
        assertThat(read().attempts()).singleElement().satisfies(attempt -> assertThat(attempt.files())
                .hasSize(3));
    }

    @Test
    void tellsTheFirstDefect() throws Exception {
        Files.delete(checkpoint("epoch-1-attempt-1", 3).resolve("operator"));
        Files.write(checkpoint("epoch-1-attempt-1", 4).resolve("keyed"), new byte[63]);
        Files.write(checkpoint("epoch-1-attempt-1", 5).resolve("_metadata"), new byte[] {1, 2, 3});
        checkpoint("epoch-1-attempt-1", 6);
        List<RecoveryPoint> points = read().points();
        assertThat(points)
                .extracting(RecoveryPoint::completeness)
                .containsExactly(
                        Completeness.DAMAGED, Completeness.DAMAGED, Completeness.DAMAGED, Completeness.COMPLETE);
        assertThat(points.get(0).defect().orElseThrow()).endsWith("chk-3/operator is missing");
        assertThat(points.get(1).defect().orElseThrow()).endsWith("chk-4/keyed has 63 bytes (expected: 64)");
        assertThat(points.get(2).defect().orElseThrow()).endsWith("chk-5/_metadata is damaged");
        assertThat(points.get(2).checkpointId()).hasValue(5);
        assertThat(points.get(3).defect()).isEmpty();
    }

    @Test
    void namesASavepointThatCannotBeReadAnyMore() throws Exception {
        Path savepoint = job.resolve("epoch-1-attempt-1/savepoints/savepoint-012345-77");
        Files.createDirectories(savepoint);
        Files.writeString(savepoint.resolve("_metadata"), "torn");
        assertThat(read().points()).singleElement().satisfies(point -> {
            assertThat(point.kind()).isEqualTo(PointKind.SAVEPOINT);
            assertThat(point.checkpointId()).isEmpty();
            assertThat(point.completeness()).isEqualTo(Completeness.DAMAGED);
        });
    }

    @Test
    void countsSharedFilesOfAnIncrementalCheckpointAndMissesThem() throws Exception {
        Path checkpoints = job.resolve("epoch-1-attempt-1/checkpoints/" + FLINKS_ID);
        Path shared = checkpoints.resolve("shared/sst-1");
        CheckpointFiles.write(
                checkpoints.resolve("chk-4"), 4, keyed(incremental(checkpoints.resolve("chk-4"), shared)));
        assertThat(read().points()).singleElement().satisfies(point -> {
            assertThat(point.incremental()).isTrue();
            assertThat(point.files()).isEqualTo(4);
            assertThat(point.isComplete()).isTrue();
        });
        Files.delete(shared);
        assertThat(read().points().get(0).defect().orElseThrow()).endsWith("shared/sst-1 is missing");
    }

    @Test
    void looksAtSegmentsByOffsetAndLength() throws Exception {
        Path checkpoints = job.resolve("epoch-1-attempt-1/checkpoints/" + FLINKS_ID);
        Path merged = checkpoints.resolve("taskowned/merged");
        CheckpointFiles.stateFile(merged);
        CheckpointFiles.write(
                checkpoints.resolve("chk-4"),
                4,
                keyed(CheckpointFiles.keyed(new SegmentFileStateHandle(
                        new org.apache.flink.core.fs.Path("file://" + merged),
                        60,
                        10,
                        CheckpointedStateScope.EXCLUSIVE,
                        new LogicalFileId("1")))));
        assertThat(read().points().get(0).defect().orElseThrow()).endsWith("merged has 64 bytes (expected: 70)");
        Files.write(merged, new byte[70]);
        assertThat(read().points().get(0).isComplete()).isTrue();
    }

    @Test
    void recognisesAMirroredIncrementalCheckpoint() {
        Path written = root.resolveSibling(root.getFileName() + "-original/checkpoints/shared/sst-1");
        Path mirror = job.resolve("epoch-1-attempt-1/checkpoints/" + FLINKS_ID + "/chk-4");
        CheckpointFiles.write(mirror, 4, keyed(CheckpointFiles.keyed(CheckpointFiles.absentFile("file://" + written))));
        assertThat(read().points()).singleElement().satisfies(point -> {
            assertThat(point.completeness()).isEqualTo(Completeness.DAMAGED);
            assertThat(point.defect().orElseThrow())
                    .contains("sst-1 is missing, which is outside file://")
                    .contains("can be read only where it was written, not from a mirror");
        });
    }

    /** Another bucket that this process has no key to says nothing of this one. */
    @Test
    void saysSoWhenAFileElsewhereCannotBeLookedAt() {
        Path directory = job.resolve("epoch-1-attempt-1/checkpoints/" + FLINKS_ID + "/chk-4");
        CheckpointFiles.write(
                directory,
                4,
                keyed(CheckpointFiles.keyed(CheckpointFiles.absentFile("no-such-scheme://bucket/state"))));
        assertThat(read().points()).singleElement().satisfies(point -> assertThat(point.completeness())
                .isEqualTo(Completeness.NOT_KNOWN));
    }

    private Path checkpoint(String attempt, long number) {
        return CheckpointFiles.write(job.resolve(attempt + "/checkpoints/" + FLINKS_ID + "/chk-" + number), number);
    }

    private static KeyedStateHandle incremental(Path directory, Path shared) {
        return new IncrementalRemoteKeyedStateHandle(
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                KeyGroupRange.of(0, 127),
                4,
                List.of(HandleAndLocalPath.of(CheckpointFiles.stateFile(shared), "1.sst")),
                List.of(HandleAndLocalPath.of(CheckpointFiles.stateFile(directory.resolve("private")), "MANIFEST")),
                CheckpointFiles.stateFile(directory.resolve("meta")));
    }

    private static OperatorSubtaskState keyed(KeyedStateHandle state) {
        return OperatorSubtaskState.builder().setManagedKeyedState(state).build();
    }

    private StoredJob read() {
        return new StoredJobReader(storage, new ClusterName("flights")).read("delays");
    }
}
