package io.flinkmanaged.testkit.simulation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flinkmanaged.flink.CheckpointContents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * Checkpoints and savepoints of simulated jobs, as Flink writes them: a file of state, then Flink's own metadata, which makes
 * the point complete. Through Flink's file systems, wherever a job's configuration says.
 */
final class SimulatedPoints {

    static final CheckpointProperties CHECKPOINT =
            CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION);
    static final CheckpointProperties STOP =
            CheckpointProperties.forSyncSavepoint(false, false, SavepointFormatType.CANONICAL);
    static final CheckpointProperties SAVEPOINT =
            CheckpointProperties.forSavepoint(false, SavepointFormatType.CANONICAL);

    private static final String STATE = "state";
    private static final int STATE_LENGTH = 20;

    private SimulatedPoints() {}

    /** Writes the state of a point; until {@link #complete}, it is not one. */
    static void writeState(String directory, long counted) throws IOException {
        String text = String.format("%" + STATE_LENGTH + "d", counted);
        write(new Path(directory + "/" + STATE), text.getBytes(US_ASCII));
    }

    /** Writes what makes a point of a directory with state. */
    static void complete(String directory, long number, CheckpointProperties properties) throws IOException {
        OperatorState operator = new OperatorState("count", "count-uid", new OperatorID(1, 2), 1, 128);
        FileStateHandle file = new FileStateHandle(new Path(directory + "/" + STATE), STATE_LENGTH);
        operator.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedOperatorState(new OperatorStreamStateHandle(Map.of(), file))
                        .build());
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        Checkpoints.storeCheckpointMetadata(
                new CheckpointMetadata(number, List.of(operator), List.of(), properties), metadata);
        write(metadataOf(directory), metadata.toByteArray());
    }

    /** Restores a point as Flink does, which fails if anything of it is missing or damaged. */
    static Restored restore(String directory) throws IOException {
        CheckpointContents contents = CheckpointContents.read(directory);
        Map.Entry<Path, Long> file = contents.files().entrySet().iterator().next();
        Optional<String> defect = CheckpointContents.defectOf(file.getKey(), file.getValue());
        if (defect.isPresent()) {
            throw new IOException(defect.get());
        }
        try (FSDataInputStream in = file.getKey().getFileSystem().open(file.getKey())) {
            String text = new String(in.readNBytes(STATE_LENGTH), US_ASCII);
            return new Restored(contents.checkpointId(), Long.parseLong(text.strip()));
        }
    }

    static void delete(String directory) throws IOException {
        Path path = new Path(directory);
        boolean unused = path.getFileSystem().delete(path, true);
    }

    /** Damages a complete point: its metadata is torn, or its state is gone. */
    static void damage(String directory, boolean metadata) throws IOException {
        if (metadata) {
            write(metadataOf(directory), new byte[] {1, 2, 3});
        } else {
            delete(directory + "/" + STATE);
        }
    }

    /** Looks whether a storage answers at all. */
    static void requireReachable(String uri) throws IOException {
        Path path = new Path(uri);
        boolean unused = path.getFileSystem().exists(path);
    }

    private static Path metadataOf(String directory) {
        return new Path(directory + "/_metadata");
    }

    private static void write(Path path, byte[] content) throws IOException {
        try (FSDataOutputStream out = path.getFileSystem().create(path, WriteMode.OVERWRITE)) {
            out.write(content);
        }
    }

    /**
     * What a job begins with.
     *
     * @param number of the point
     * @param counted its state
     */
    record Restored(long number, long counted) {}
}
