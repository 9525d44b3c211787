package io.flinkmanaged.flink;

import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.InstantiationUtil;

/**
 * A job's execution plan as bytes: what is submitted is what is kept.
 *
 * <p>The bytes are Flink's {@code StreamGraph}, Java-serialized after its user-defined parts were serialized on their
 * own, so they are read back without any class of the user. They carry no job id and no starting point; {@link
 * #prepare} adds both.
 */
public final class KeptPlan {

    private final byte[] bytes;

    private KeptPlan(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Wraps bytes that {@link #bytes()} returned once, perhaps in another process.
     *
     * @param bytes the kept plan
     */
    public static KeptPlan of(byte[] bytes) {
        return new KeptPlan(bytes.clone());
    }

    /** Serializes a graph; the graph is used up. */
    static KeptPlan of(StreamGraph graph) throws IOException {
        graph.serializeUserDefinedInstances();
        return new KeptPlan(InstantiationUtil.serializeObject(graph));
    }

    /** Returns the bytes to keep. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Reads the plan and gives it what makes it an attempt.
     *
     * @param jobId the attempt's id
     * @param name what the job is called
     * @param configuration keys for the job's own configuration, which Flink lets win over the cluster's
     * @param jars the jars that its classes are loaded from; empty if they are on Flink's own class path
     * @param recoveryPoint the checkpoint or savepoint to start from, with NO_CLAIM: Flink never deletes it
     * @return a plan that can be submitted once
     * @throws InvalidInputException if the bytes are not a plan of this Flink version
     */
    public PreparedPlan prepare(
            JobID jobId,
            String name,
            Map<String, String> configuration,
            List<Path> jars,
            Optional<String> recoveryPoint) {
        StreamGraph graph = read();
        graph.setJobId(jobId);
        graph.setJobName(name);
        configuration.forEach((key, value) -> graph.getJobConfiguration().setString(key, value));
        jars.forEach(jar -> graph.addJar(new org.apache.flink.core.fs.Path(jar.toUri())));
        // A program may ask for less; but what is deleted with a lost cluster cannot be recovered from.
        graph.getCheckpointConfig()
                .setExternalizedCheckpointRetention(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        boolean ignoreUnclaimed =
                graph.getJobConfiguration().get(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE);
        graph.setSavepointRestoreSettings(recoveryPoint
                .map(path -> SavepointRestoreSettings.forPath(path, ignoreUnclaimed, RecoveryClaimMode.NO_CLAIM))
                .orElseGet(SavepointRestoreSettings::none));
        return new PreparedPlan(graph);
    }

    /** Reads the plan without any class of the user. */
    StreamGraph read() {
        try {
            return InstantiationUtil.deserializeObject(bytes, StreamGraph.class.getClassLoader());
        } catch (IOException | ClassNotFoundException | ClassCastException e) {
            throw InvalidInputException.of(
                            "execution plan",
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "a plan that this library kept with the same Flink version",
                            "Submit the job's program again.")
                    .because(e);
        }
    }
}
