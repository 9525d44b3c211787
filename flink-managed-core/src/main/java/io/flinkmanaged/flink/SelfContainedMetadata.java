package io.flinkmanaged.flink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.AbstractMergedChannelStateHandle;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.EmptySegmentFileStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a checkpoint or savepoint in which every file is named relative to its directory, and where each of
 * these files is now.
 *
 * <p>Flink itself writes such metadata for savepoints, native ones of incremental state among them. Shared files of an
 * incremental checkpoint are named by their absolute paths, so a mere copy would still name the originals.
 */
public final class SelfContainedMetadata {

    private final byte[] metadata;
    private final Map<String, Path> files = new LinkedHashMap<>();

    private SelfContainedMetadata(CheckpointMetadata original) throws IOException {
        for (OperatorState operator : original.getOperatorStates()) {
            for (Map.Entry<Integer, OperatorSubtaskState> subtask :
                    Map.copyOf(operator.getSubtaskStates()).entrySet()) {
                operator.putState(subtask.getKey(), relative(subtask.getValue()));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Checkpoints.storeCheckpointMetadata(original, out);
        metadata = out.toByteArray();
    }

    /**
     * Makes a point's metadata self-contained; no class of the user is needed.
     *
     * @param metadata the content of {@code _metadata}
     * @param directory the directory that it was in, as a URI
     * @throws NotSelfContainedException if it refers to files in a way that cannot be made relative
     * @throws IOException if the metadata cannot be read
     */
    public static SelfContainedMetadata of(byte[] metadata, String directory) throws IOException {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(metadata))) {
            return new SelfContainedMetadata(
                    Checkpoints.loadCheckpointMetadata(data, SelfContainedMetadata.class.getClassLoader(), directory));
        }
    }

    /** Returns the content of the new {@code _metadata}. */
    public byte[] bytes() {
        return metadata.clone();
    }

    /** Returns where each file is now, by its name relative to the new directory. */
    public Map<String, Path> files() {
        return Collections.unmodifiableMap(files);
    }

    private OperatorSubtaskState relative(OperatorSubtaskState state) throws NotSelfContainedException {
        OperatorSubtaskState.Builder builder = state.toBuilder();
        for (KeyedStateHandle keyed : state.getManagedKeyedState()) {
            builder.setManagedKeyedState(relative(keyed));
        }
        for (KeyedStateHandle keyed : state.getRawKeyedState()) {
            builder.setRawKeyedState(relative(keyed));
        }
        for (OperatorStateHandle operator : state.getManagedOperatorState()) {
            builder.setManagedOperatorState(relative(operator));
        }
        for (OperatorStateHandle operator : state.getRawOperatorState()) {
            builder.setRawOperatorState(relative(operator));
        }
        requireRelative(state.getInputChannelState());
        requireRelative(state.getUpstreamOutputBufferState());
        requireRelative(state.getResultSubpartitionState());
        return builder.build();
    }

    private KeyedStateHandle relative(KeyedStateHandle state) throws NotSelfContainedException {
        if (state instanceof KeyGroupsSavepointStateHandle keyed) {
            return new KeyGroupsSavepointStateHandle(
                    keyed.getGroupRangeOffsets(), relative(keyed.getDelegateStateHandle()));
        }
        if (state instanceof KeyGroupsStateHandle keyed) {
            return KeyGroupsStateHandle.restore(
                    keyed.getGroupRangeOffsets(), relative(keyed.getDelegateStateHandle()), keyed.getStateHandleId());
        }
        if (state instanceof IncrementalRemoteKeyedStateHandle incremental) {
            return IncrementalRemoteKeyedStateHandle.restore(
                    incremental.getBackendIdentifier(),
                    incremental.getKeyGroupRange(),
                    incremental.getCheckpointId(),
                    relative(incremental.getSharedState()),
                    relative(incremental.getPrivateState()),
                    relative(incremental.getMetaDataStateHandle()),
                    incremental.getCheckpointedSize(),
                    incremental.getStateHandleId());
        }
        throw new NotSelfContainedException("a state changelog");
    }

    private List<HandleAndLocalPath> relative(List<HandleAndLocalPath> files) throws NotSelfContainedException {
        HandleAndLocalPath[] relative = new HandleAndLocalPath[files.size()];
        for (int i = 0; i < relative.length; i++) {
            HandleAndLocalPath file = files.get(i);
            relative[i] = HandleAndLocalPath.of(relative(file.getHandle()), file.getLocalPath());
        }
        return List.of(relative);
    }

    private OperatorStateHandle relative(OperatorStateHandle state) throws NotSelfContainedException {
        if (state.getClass() != OperatorStreamStateHandle.class) {
            throw new NotSelfContainedException("files that several tasks share (file merging)");
        }
        return new OperatorStreamStateHandle(
                state.getStateNameToPartitionOffsets(), relative(state.getDelegateStateHandle()));
    }

    private StreamStateHandle relative(StreamStateHandle state) throws NotSelfContainedException {
        if (state instanceof RelativeFileStateHandle file) {
            files.put(file.getRelativePath(), file.getFilePath());
            return file;
        }
        if (state instanceof EmptySegmentFileStateHandle || state instanceof ByteStreamStateHandle) {
            return state;
        }
        if (state instanceof SegmentFileStateHandle) {
            throw new NotSelfContainedException("files that several tasks share (file merging)");
        }
        if (state instanceof FileStateHandle file) {
            String name = nameOf(file.getFilePath());
            return new RelativeFileStateHandle(file.getFilePath(), name, file.getStateSize());
        }
        throw new NotSelfContainedException(state.getClass().getSimpleName());
    }

    /** The same file may be referred to several times, and two files of different directories may have one name. */
    private String nameOf(Path file) {
        String name = file.getName();
        for (int i = 2; files.containsKey(name) && !file.equals(files.get(name)); i++) {
            name = file.getName() + "-" + i;
        }
        files.put(name, file);
        return name;
    }

    private void requireRelative(StateObjectCollection<? extends StateObject> channels)
            throws NotSelfContainedException {
        for (StateObject channel : channels) {
            StreamStateHandle delegate = delegateOf(channel);
            if (delegate instanceof RelativeFileStateHandle file) {
                files.put(file.getRelativePath(), file.getFilePath());
            } else if (!(delegate instanceof ByteStreamStateHandle
                    || delegate instanceof EmptySegmentFileStateHandle)) {
                throw new NotSelfContainedException("data in flight in files of other directories");
            }
        }
    }

    private static @Nullable StreamStateHandle delegateOf(StateObject channel) {
        if (channel instanceof AbstractChannelStateHandle<?> one) {
            return one.getDelegate();
        }
        return channel instanceof AbstractMergedChannelStateHandle<?, ?> merged ? merged.getDelegate() : null;
    }
}
