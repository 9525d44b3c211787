package io.flinkmanaged.flink;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;

/**
 * The files that a completed checkpoint or savepoint consists of, as its {@code _metadata} says.
 *
 * <p>Flink itself finds out only while restoring: a job whose state file is gone fails again and again. So a point is
 * looked through before a job is told to start from it.
 */
public final class CheckpointContents {

    private static final String METADATA = "_metadata";

    /** How Flink says that it could not look at the directory that relative handles are relative to. */
    private static final String NOT_LOOKED_AT = "Could not parse external pointer as state base path";

    private final Map<Path, Long> leastLengths = new LinkedHashMap<>();
    private final Set<Path> absolute = new LinkedHashSet<>();
    private final long checkpointId;
    private final boolean savepoint;
    private final boolean stopSavepoint;
    private boolean incremental;

    private CheckpointContents(CheckpointMetadata metadata) {
        checkpointId = metadata.getCheckpointId();
        // Formats before Flink's fourth do not say what they are.
        CheckpointProperties properties = metadata.getCheckpointProperties();
        savepoint = properties != null && properties.isSavepoint();
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
        Path file = new Path(directory + "/" + METADATA);
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
        return parse(bytes, directory);
    }

    /**
     * Reads a point's metadata from its bytes.
     *
     * @param metadata the content of {@code _metadata}
     * @param directory the directory that it was in, as a URI
     * @return what it consists of
     * @throws CorruptCheckpointException if the metadata is not Flink's, or torn
     * @throws IOException if the storage did not answer: then nothing is known
     */
    public static CheckpointContents parse(byte[] metadata, String directory) throws IOException {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(metadata))) {
            return new CheckpointContents(
                    Checkpoints.loadCheckpointMetadata(data, CheckpointContents.class.getClassLoader(), directory));
        } catch (OutOfMemoryError e) {
            // A wrong length asks for gigabytes; but this process may just be short of memory.
            throw new IOException(
                    directory + "/" + METADATA
                            + " asks for more memory than there is: damaged, or the heap is too small",
                    e);
        } catch (IOException | RuntimeException e) {
            if (NOT_LOOKED_AT.equals(e.getMessage())) {
                throw new IOException(directory + " cannot be looked at", e);
            }
            // The bytes are here, so it is they that are wrong; Flink's deserializers throw whatever they lead to.
            throw new CorruptCheckpointException(directory + "/" + METADATA + " is damaged", e);
        }
    }

    /** Returns Flink's number of the checkpoint. */
    public long checkpointId() {
        return checkpointId;
    }

    /** Returns whether it is a savepoint; metadata before Flink's fourth format does not say. */
    public boolean isSavepoint() {
        return savepoint;
    }

    /** Returns whether it is a checkpoint that shares files with others: only then Flink wrote less than all of the state. */
    public boolean isIncremental() {
        return incremental && !savepoint;
    }

    /** Returns every file beside the metadata, with the least length that it must have; in the order of the metadata. */
    public Map<Path, Long> files() {
        return Collections.unmodifiableMap(leastLengths);
    }

    /** Returns those of the files that the metadata names by their absolute paths: copied elsewhere, it still names these. */
    public Set<Path> absoluteFiles() {
        return Collections.unmodifiableSet(absolute);
    }

    /** Returns whether it is a savepoint with which a job was stopped, rather than one that was taken in passing. */
    public boolean isStopSavepoint() {
        return stopSavepoint;
    }

    /**
     * Looks whether a file is there and long enough.
     *
     * @param file the file
     * @param leastLength how long it must be, in bytes
     * @return what is wrong with it, if something is
     * @throws IOException if the storage did not answer: then nothing is known
     */
    public static Optional<String> defectOf(Path file, long leastLength) throws IOException {
        try {
            long length = file.getFileSystem().getFileStatus(file).getLen();
            return length >= leastLength
                    ? Optional.empty()
                    : Optional.of(file + " has " + length + " bytes (expected: " + leastLength + ")");
        } catch (FileNotFoundException e) {
            return Optional.of(file + " is missing");
        }
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
            absolute.add(segment.getFilePath());
        } else if (state instanceof FileStateHandle file) {
            expect(file.getFilePath(), file.getStateSize());
            if (!(file instanceof RelativeFileStateHandle)) {
                absolute.add(file.getFilePath());
            }
        } else if (state instanceof KeyGroupsStateHandle keyed) {
            collect(keyed.getDelegateStateHandle());
        } else if (state instanceof OperatorStateHandle operator) {
            collectIfPresent(operator.getDelegateStateHandle());
        } else if (state instanceof IncrementalRemoteKeyedStateHandle remote) {
            incremental = true;
            remote.streamSubHandles().forEach(this::collect);
            collect(remote.getMetaDataStateHandle());
        } else if (state instanceof AbstractChannelStateHandle<?> channel) {
            collect(channel.getDelegate());
        } else if (state instanceof AbstractMergedChannelStateHandle<?, ?> channels) {
            collect(channels.getDelegate());
        } else if (state instanceof ChangelogStateBackendHandle changelog) {
            incremental = true;
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
