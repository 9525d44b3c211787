package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.CheckpointFiles;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.filemerging.LogicalFile.LogicalFileId;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointCopyTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");

    @TempDir
    private Path here;

    @TempDir
    private Path elsewhere;

    private StateStorage source;
    private StateStorage target;
    private Path checkpoints;

    @BeforeEach
    void openStorages() {
        source = StorageProviders.onClassPath().open(FileStorage.at(here));
        target = StorageProviders.onClassPath().open(FileStorage.at(elsewhere));
        checkpoints = here.resolve("flights/jobs/delays/epoch-1-attempt-1/checkpoints/0a");
    }

    @AfterEach
    void closeStorages() {
        source.close();
        target.close();
    }

    @Test
    void needsNothingOfTheFirstStorage() throws Exception {
        CheckpointFiles.writeIncremental(
                checkpoints.resolve("chk-4"), 4, checkpoints.resolve("shared/a"), checkpoints.resolve("shared/b"));
        String copy = copy(onlyPoint());
        Directories.deleteTree(here.resolve("flights"));
        assertThat(copy).isEqualTo(target.uriOf("flights/copies/delays/epoch-1-attempt-1/chk-4"));
        Path directory = elsewhere.resolve("flights/copies/delays/epoch-1-attempt-1/chk-4");
        assertThat(directory).isDirectoryContaining("glob:**/{_metadata,a,b,meta,private}");
        assertThat(asAttempt(directory)).satisfies(point -> {
            assertThat(point.isComplete()).isTrue();
            assertThat(point.files()).isEqualTo(5);
        });
    }

    @Test
    void goesOnWhereItWasCutOff() throws Exception {
        CheckpointFiles.writeIncremental(checkpoints.resolve("chk-4"), 4, checkpoints.resolve("shared/a"));
        Path directory = elsewhere.resolve("flights/copies/delays/epoch-1-attempt-1/chk-4");
        Files.createDirectories(directory);
        Files.write(directory.resolve("a"), new byte[3]);
        String copy = copy(onlyPoint());
        assertThat(directory.resolve("a")).hasSize(64);
        Files.delete(directory.resolve("meta"));
        assertThat(copy(onlyPoint())).isEqualTo(copy);
        assertThat(directory.resolve("meta")).hasSize(64);
    }

    @Test
    void refusesMergedFiles() {
        Path merged = checkpoints.resolve("taskowned/merged");
        CheckpointFiles.stateFile(merged);
        CheckpointFiles.write(
                checkpoints.resolve("chk-4"),
                4,
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(CheckpointFiles.keyed(new SegmentFileStateHandle(
                                new org.apache.flink.core.fs.Path("file://" + merged),
                                0,
                                10,
                                CheckpointedStateScope.EXCLUSIVE,
                                new LogicalFileId("1"))))
                        .build());
        RecoveryPoint point = onlyPoint();
        assertThatThrownBy(() -> copy(point))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("refers to files that several tasks share (file merging) by absolute paths")
                .hasMessageContaining("take a savepoint and copy that");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void refusesWhatIsNotCompleteOrNotHere() throws Exception {
        CheckpointFiles.writeIncremental(checkpoints.resolve("chk-4"), 4, checkpoints.resolve("shared/a"));
        RecoveryPoint point = onlyPoint();
        Files.delete(checkpoints.resolve("shared/a"));
        assertThatThrownBy(() -> copy(point))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not complete");
        assertThatThrownBy(() -> new PointCopy(target, source, FLIGHTS).copy(point))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("elsewhere (expected: below " + target.uriOf("flights/jobs/"));
    }

    private String copy(RecoveryPoint point) {
        return new PointCopy(source, target, FLIGHTS).copy(point);
    }

    private RecoveryPoint onlyPoint() {
        List<RecoveryPoint> points =
                new StoredJobReader(source, FLIGHTS).read("delays").points();
        assertThat(points).hasSize(1);
        return points.get(0);
    }

    /** Moved once more, into an attempt: the metadata names its files wherever they are. */
    private RecoveryPoint asAttempt(Path directory) throws Exception {
        Path attempt = elsewhere.resolve("flights/jobs/delays/epoch-1-attempt-1/savepoints/savepoint-1");
        Files.createDirectories(attempt.getParent());
        Files.move(directory, attempt);
        return new StoredJobReader(target, FLIGHTS).read("delays").points().get(0);
    }
}
