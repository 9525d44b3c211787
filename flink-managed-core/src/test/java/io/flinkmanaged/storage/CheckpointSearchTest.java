package io.flinkmanaged.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.storage.file.FileStorage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.filemerging.LogicalFile.LogicalFileId;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle.ChangelogStateBackendHandleImpl;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSearchTest {

    @TempDir
    private Path root;

    private StateStorage storage;
    private Path attempt;

    @BeforeEach
    void openStorage() {
        storage = StorageProviders.onClassPath().open(FileStorage.at(root));
        attempt = root.resolve("flights/checkpoints");
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(search()).isEqualTo(new CheckpointSearch.Result(Optional.empty(), List.of()));
    }

    @Test
    void takesTheHighestNumberNotTheLastText() {
        for (int number : new int[] {1, 2, 9, 10, 11, 100}) {
            checkpoint(number);
        }
        assertFound(100);
    }

    @Test
    void looksAtNoTimestamp() throws Exception {
        checkpoint(8);
        checkpoint(7);
        Files.setLastModifiedTime(attempt.resolve("chk-8/_metadata"), FileTime.fromMillis(0));
        assertFound(8);
    }

    @Test
    void passesOverWhatWasNeverCompletedWithoutAWord() throws Exception {
        checkpoint(3);
        CheckpointFiles.stateFile(attempt.resolve("chk-4/keyed"));
        Files.createDirectories(attempt.resolve("chk-5"));
        assertFound(3);
    }

    @Test
    void looksAtNothingButCheckpoints() throws Exception {
        checkpoint(3);
        for (String other : List.of(
                "shared",
                "taskowned",
                "chk-",
                "chk-x",
                "chk--4",
                "chk-5.tmp",
                "savepoint-4",
                "chk-99999999999999999999")) {
            CheckpointFiles.write(attempt.resolve(other), 99);
        }
        Files.writeString(attempt.resolve("chk-4"), "a file, not a directory");
        assertThat(search().newestComplete().map(CompletePoint::checkpointId)).contains(3L);
    }

    @Test
    void passesOverTornMetadataWithANote() throws Exception {
        checkpoint(3);
        byte[] whole = Files.readAllBytes(checkpoint(4).resolve("_metadata"));
        for (int length = 0; length < whole.length; length += 5) {
            Files.write(attempt.resolve("chk-4/_metadata"), Arrays.copyOf(whole, length));
            assertFound(3, "chk-4/_metadata is damaged");
        }
    }

    /** Flink's metadata has no checksum: a wrong length in it asks for gigabytes. */
    @Test
    void takesMetadataThatAsksForTooMuchMemoryForUnknown() throws Exception {
        checkpoint(3);
        String content = "0123456789abcdef";
        StreamStateHandle inside = new ByteStreamStateHandle("inside", content.getBytes(ISO_8859_1));
        Path metadata = CheckpointFiles.write(attempt.resolve("chk-4"), 4, keyed(CheckpointFiles.keyed(inside)))
                .resolve("_metadata");
        byte[] bytes = Files.readAllBytes(metadata);
        int length = new String(bytes, ISO_8859_1).indexOf(content) - Integer.BYTES;
        Files.write(
                metadata,
                ByteBuffer.wrap(bytes).putInt(length, Integer.MAX_VALUE).array());
        assertNotKnown("chk-4/_metadata asks for more memory than there is");
    }

    @Test
    void passesOverWhatIsNotMetadata() throws Exception {
        checkpoint(3);
        Files.createDirectories(attempt.resolve("chk-4"));
        Files.writeString(attempt.resolve("chk-4/_metadata"), "<html>404 Not Found</html>");
        assertFound(3, "chk-4/_metadata is damaged");
    }

    @Test
    void passesOverACheckpointWhoseStateFileIsGone() throws Exception {
        checkpoint(3);
        Files.delete(checkpoint(4).resolve("operator"));
        assertFound(3, "chk-4", "operator is missing");
    }

    @Test
    void passesOverACheckpointWhoseStateFileIsTooShort() throws Exception {
        checkpoint(3);
        Files.write(checkpoint(4).resolve("keyed"), new byte[63], StandardOpenOption.TRUNCATE_EXISTING);
        assertFound(3, "chk-4", "keyed has 63 bytes (expected: 64)");
    }

    @Test
    void takesAStateFileThatIsLongerThanItsPart() throws Exception {
        Files.write(checkpoint(4).resolve("keyed"), new byte[1000]);
        assertFound(4);
    }

    @Test
    void passesOverSeveral() throws Exception {
        checkpoint(1);
        Files.delete(checkpoint(2).resolve("keyed"));
        Files.delete(checkpoint(3).resolve("_metadata"));
        Files.write(checkpoint(4).resolve("_metadata"), new byte[3]);
        assertFound(1, "chk-4/_metadata is damaged", "chk-2", "keyed is missing");
        assertThat(search().passedOver()).hasSize(2);
    }

    @Test
    void looksAtSharedFilesToo() throws Exception {
        checkpoint(3);
        Path shared = attempt.resolve("shared/sst-1");
        CheckpointFiles.write(
                attempt.resolve("chk-4"),
                4,
                keyed(new IncrementalRemoteKeyedStateHandle(
                        UUID.fromString("00000000-0000-0001-0000-000000000002"),
                        KeyGroupRange.of(0, 127),
                        4,
                        List.of(HandleAndLocalPath.of(CheckpointFiles.stateFile(shared), "1.sst")),
                        List.of(HandleAndLocalPath.of(
                                CheckpointFiles.stateFile(attempt.resolve("chk-4/private")), "MANIFEST")),
                        CheckpointFiles.stateFile(attempt.resolve("chk-4/meta")))));
        assertFound(4);
        Files.delete(shared);
        assertFound(3, "sst-1 is missing");
        CheckpointFiles.stateFile(shared);
        Files.delete(attempt.resolve("chk-4/private"));
        assertFound(3, "private is missing");
    }

    /** More than a few, so that a listing tells of them. */
    @Test
    void looksAtEachOfManySharedFiles() throws Exception {
        checkpoint(3);
        Path[] shared = IntStream.range(0, 20)
                .mapToObj(i -> attempt.resolve("shared/sst-" + i))
                .toArray(Path[]::new);
        CheckpointFiles.writeIncremental(attempt.resolve("chk-4"), 4, shared);
        assertFound(4);
        Files.write(shared[7], new byte[63]);
        assertFound(3, "sst-7 has 63 bytes (expected: 64)");
        Files.delete(shared[7]);
        assertFound(3, "sst-7 is missing");
    }

    @Test
    void takesTheNewestStopSavepointThatIsComplete() throws Exception {
        Path savepoints = root.resolve("flights/savepoints");
        CheckpointFiles.writeStopSavepoint(savepoints.resolve("savepoint-c"), 5);
        Files.delete(CheckpointFiles.writeStopSavepoint(savepoints.resolve("savepoint-a"), 9)
                .resolve("keyed"));
        CheckpointFiles.writeStopSavepoint(savepoints.resolve("savepoint-b"), 7);
        CheckpointFiles.write(savepoints.resolve("savepoint-d"), 8);
        assertThat(new CheckpointSearch(storage).newestStopSavepoint("flights/savepoints"))
                .contains(new CompletePoint(storage.uriOf("flights/savepoints/savepoint-b"), 7));
    }

    @Test
    void looksAtSegmentsOfMergedFiles() throws Exception {
        checkpoint(3);
        Path merged = attempt.resolve("taskowned/merged");
        CheckpointFiles.stateFile(merged);
        StreamStateHandle segment = new SegmentFileStateHandle(
                new org.apache.flink.core.fs.Path("file://" + merged),
                60,
                10,
                CheckpointedStateScope.EXCLUSIVE,
                new LogicalFileId("1"));
        CheckpointFiles.write(attempt.resolve("chk-4"), 4, keyed(CheckpointFiles.keyed(segment)));
        assertFound(3, "merged has 64 bytes (expected: 70)");
        Files.write(merged, new byte[70]);
        assertFound(4);
    }

    @Test
    void looksAtTheFilesOfAChangelog() throws Exception {
        checkpoint(3);
        Path log = attempt.resolve("dstl/log-1");
        StreamStateHandle file = CheckpointFiles.stateFile(log);
        CheckpointFiles.write(
                attempt.resolve("chk-4"),
                4,
                keyed(new ChangelogStateBackendHandleImpl(
                        List.of(),
                        List.of(new ChangelogStateHandleStreamImpl(
                                List.of(Tuple2.of(file, 0L)), KeyGroupRange.of(0, 127), 64, 64, "filesystem")),
                        KeyGroupRange.of(0, 127),
                        4,
                        1,
                        64)));
        assertFound(4);
        Files.delete(log);
        assertFound(3, "log-1 is missing");
    }

    /** To choose an older checkpoint for lack of an answer would be to lose data. */
    @Test
    void choosesNoOlderCheckpointWhenTheStorageDoesNotAnswer() {
        checkpoint(3);
        CheckpointFiles.write(
                attempt.resolve("chk-4"),
                4,
                keyed(CheckpointFiles.keyed(CheckpointFiles.absentFile("no-such-scheme://bucket/state"))));
        assertNotKnown("chk-4");
    }

    /** Java says of a file that cannot be opened that it is not found: too many open files, no permission, a directory. */
    @Test
    void takesMetadataThatCannotBeOpenedForUnknownNotForAbsent() throws Exception {
        checkpoint(3);
        Files.createDirectories(attempt.resolve("chk-4/_metadata"));
        assertNotKnown("chk-4");
    }

    private Path checkpoint(long number) {
        return CheckpointFiles.write(attempt.resolve("chk-" + number), number);
    }

    private static OperatorSubtaskState keyed(KeyedStateHandle state) {
        return OperatorSubtaskState.builder().setManagedKeyedState(state).build();
    }

    private CheckpointSearch.Result search() {
        return new CheckpointSearch(storage).newestComplete("flights/checkpoints");
    }

    private void assertFound(long number, String... notes) {
        CheckpointSearch.Result result = search();
        assertThat(result.newestComplete())
                .contains(new CompletePoint(storage.uriOf("flights/checkpoints/chk-" + number), number));
        String passedOver = String.join("\n", result.passedOver());
        assertThat(passedOver.isEmpty()).as(passedOver).isEqualTo(notes.length == 0);
        assertThat(notes).allSatisfy(note -> assertThat(passedOver).contains(note));
    }

    private void assertNotKnown(String checkpoint) {
        assertThatThrownBy(this::search)
                .isInstanceOfSatisfying(StorageException.class, unknown -> assertThat(unknown.isRetryable())
                        .isTrue())
                .hasMessageContaining(checkpoint)
                .hasMessageContaining("an older checkpoint is not chosen for lack of an answer");
    }
}
