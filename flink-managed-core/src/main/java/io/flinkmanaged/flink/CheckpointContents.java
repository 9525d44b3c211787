package io.flinkmanaged.flink;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.AbstractMergedChannelStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.apache.flink.runtime.state.filemerging.EmptySegmentFileStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * The files that a completed checkpoint or savepoint consists of, as its {@code _metadata} says.
 *
 * <p>Flink itself finds out only while restoring: a job whose state file is gone fails again and again. So a point is
 * looked through before a job is told to start from it.
 */
public final class CheckpointContents {

    private static final String METADATA = "_metadata";

    private final Map<Path, Long> leastLengths = new LinkedHashMap<>();
    private final long checkpointId;
    private final boolean stopSavepoint;

    private CheckpointContents(CheckpointMetadata metadata) {
        checkpointId = metadata.getCheckpointId();
        // Formats before Flink's fourth do not say what they are.
        CheckpointProperties properties = metadata.getCheckpointProperties();
        stopSavepoint = properties != null && properties.isSynchronous();
        for (OperatorState operator : metadata.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                collect(subtask);
            }
        }
    }

    /**
     * Reads a point's metadata; no class of the user is needed.
     *
     * @param directory the directory of the checkpoint or savepoint, as a URI
     * @return what it consists of
     * @throws CorruptCheckpointException if the metadata is not Flink's, or torn
     * @throws java.io.FileNotFoundException if there is no metadata
     * @throws IOException if the storage did not answer: then nothing is known
     */
    public static CheckpointContents read(String directory) throws IOException {
        Path file = new Path(directory, METADATA);
        byte[] bytes;
        try (FSDataInputStream in = file.getFileSystem().open(file)) {
            bytes = in.readAllBytes();
        } catch (FileNotFoundException e) {
            if (file.getFileSystem().exists(file)) {
                // Java's word for everything that keeps a local file from being opened: permissions, too many open
                // files.
                throw new IOException(file + " is there, but cannot be opened", e);
            }
            throw e;
        }
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new CheckpointContents(
                    Checkpoints.loadCheckpointMetadata(data, CheckpointContents.class.getClassLoader(), directory));
        } catch (OutOfMemoryError e) {
            // A wrong length asks for gigabytes; but this process may just be short of memory.
            throw new IOException(file + " asks for more memory than there is: damaged, or the heap is too small", e);
        } catch (IOException | RuntimeException e) {
            // The bytes are here, so it is they that are wrong; Flink's deserializers throw whatever they lead to.
            throw new CorruptCheckpointException(directory + "/" + METADATA + " is damaged", e);
        }
    }

    /** Returns Flink's number of the checkpoint. */
    public long checkpointId() {
        return checkpointId;
    }

    /** Returns whether it is a savepoint with which a job was stopped, rather than one that was taken in passing. */
    public boolean isStopSavepoint() {
        return stopSavepoint;
    }

    /**
     * Looks whether every file is there and long enough.
     *
     * @return the first thing that is wrong; empty if the point is complete
     * @throws IOException if the storage did not answer: then nothing is known
     */
    public Optional<String> firstDefect() throws IOException {
        for (Map.Entry<Path, Long> file : leastLengths.entrySet()) {
            try {
                long length = file.getKey()
                        .getFileSystem()
                        .getFileStatus(file.getKey())
                        .getLen();
                if (length < file.getValue()) {
                    return Optional.of(file.getKey() + " has " + length + " bytes (expected: " + file.getValue() + ")");
                }
            } catch (FileNotFoundException e) {
                return Optional.of(file.getKey() + " is missing");
            }
        }
        return Optional.empty();
    }

    private void collect(OperatorSubtaskState state) {
        state.getManagedKeyedState().forEach(this::collect);
        state.getRawKeyedState().forEach(this::collect);
        state.getManagedOperatorState().forEach(this::collect);
        state.getRawOperatorState().forEach(this::collect);
        state.getInputChannelState().forEach(this::collect);
        state.getUpstreamOutputBufferState().forEach(this::collect);
        state.getResultSubpartitionState().forEach(this::collect);
    }

    private void collect(StateObject state) {
        if (state instanceof EmptySegmentFileStateHandle) {
            return;
        }
        if (state instanceof SegmentFileStateHandle segment) {
            expect(segment.getFilePath(), segment.getStartPos() + segment.getStateSize());
        } else if (state instanceof FileStateHandle file) {
            expect(file.getFilePath(), file.getStateSize());
        } else if (state instanceof KeyGroupsStateHandle keyed) {
            collect(keyed.getDelegateStateHandle());
        } else if (state instanceof OperatorStateHandle operator) {
            collectIfPresent(operator.getDelegateStateHandle());
        } else if (state instanceof IncrementalRemoteKeyedStateHandle incremental) {
            incremental.streamSubHandles().forEach(this::collect);
            collect(incremental.getMetaDataStateHandle());
        } else if (state instanceof AbstractChannelStateHandle<?> channel) {
            collect(channel.getDelegate());
        } else if (state instanceof AbstractMergedChannelStateHandle<?, ?> channels) {
            collect(channels.getDelegate());
        } else if (state instanceof ChangelogStateBackendHandle changelog) {
            changelog.getMaterializedStateHandles().forEach(this::collect);
            changelog.getNonMaterializedStateHandles().forEach(this::collect);
        } else if (state instanceof ChangelogStateHandleStreamImpl changes) {
            changes.getHandlesAndOffsets().forEach(handle -> collect(handle.f0));
        }
        // What is left is kept inside the metadata and has no file of its own.
    }

    private void collectIfPresent(StreamStateHandle state) {
        if (state != null) {
            collect(state);
        }
    }

    private void expect(Path file, long length) {
        leastLengths.merge(file, length, Math::max);
    }
}
