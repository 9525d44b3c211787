package io.flinkmanaged.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;

/** Checkpoint directories as Flink writes them, with Flink's own metadata. */
public final class CheckpointFiles {

    private static final int STATE_LENGTH = 64;

    private CheckpointFiles() {}

    /** Writes a complete checkpoint with one file of keyed state and one of operator state. */
    public static Path write(Path directory, long checkpointId) {
        return write(
                directory,
                checkpointId,
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(keyed(stateFile(directory.resolve("keyed"))))
                        .setManagedOperatorState(
                                new OperatorStreamStateHandle(Map.of(), stateFile(directory.resolve("operator"))))
                        .build());
    }

    /** Writes a complete savepoint with which a job was stopped. */
    public static Path writeStopSavepoint(Path directory, long checkpointId) {
        return write(
                directory,
                checkpointId,
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(keyed(stateFile(directory.resolve("keyed"))))
                        .build(),
                CheckpointProperties.forSyncSavepoint(false, false, SavepointFormatType.CANONICAL));
    }

    /** Writes a checkpoint of one task. */
    public static Path write(Path directory, long checkpointId, OperatorSubtaskState state) {
        return write(
                directory,
                checkpointId,
                state,
                CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION));
    }

    private static Path write(
            Path directory, long checkpointId, OperatorSubtaskState state, CheckpointProperties properties) {
        OperatorState operator = new OperatorState("count", "count-uid", new OperatorID(1, 2), 1, 128);
        operator.putState(0, state);
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        try {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(checkpointId, List.of(operator), List.of(), properties), metadata);
            Files.createDirectories(directory);
            Files.write(directory.resolve("_metadata"), metadata.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    /** Writes an incremental checkpoint: a file of its own, one for RocksDB, and shared ones, which are made if absent. */
    public static Path writeIncremental(Path directory, long checkpointId, Path... shared) {
        List<HandleAndLocalPath> files = Arrays.stream(shared)
                .map(file -> HandleAndLocalPath.of(
                        Files.exists(file) ? absentFile("file://" + file) : stateFile(file),
                        file.getFileName().toString()))
                .toList();
        KeyedStateHandle state = new IncrementalRemoteKeyedStateHandle(
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                KeyGroupRange.of(0, 127),
                checkpointId,
                files,
                List.of(HandleAndLocalPath.of(relativeFile(directory, "private"), "MANIFEST")),
                relativeFile(directory, "meta"));
        return write(
                directory,
                checkpointId,
                OperatorSubtaskState.builder().setManagedKeyedState(state).build());
    }

    private static StreamStateHandle relativeFile(Path directory, String name) {
        StreamStateHandle unused = stateFile(directory.resolve(name));
        return new RelativeFileStateHandle(
                new org.apache.flink.core.fs.Path("file://" + directory.resolve(name)), name, STATE_LENGTH);
    }

    /** Returns keyed state in a file. */
    public static KeyedStateHandle keyed(StreamStateHandle file) {
        return new KeyGroupsStateHandle(new KeyGroupRangeOffsets(KeyGroupRange.of(0, 127)), file);
    }

    /** Writes a file of state. */
    public static StreamStateHandle stateFile(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, new byte[STATE_LENGTH]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return absentFile("file://" + file);
    }

    /** Returns state in a file that was not written. */
    public static StreamStateHandle absentFile(String uri) {
        return new FileStateHandle(new org.apache.flink.core.fs.Path(uri), STATE_LENGTH);
    }
}
