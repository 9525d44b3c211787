package io.flinkmanaged.flink;

import com.google.common.base.Suppliers;
import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
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
    private final Supplier<Integer> slots;
    private final JobDefaults defaults;

    private KeptPlan(byte[] bytes, Supplier<Integer> slots, JobDefaults defaults) {
        this.bytes = bytes;
        this.slots = slots;
        this.defaults = defaults;
    }

    /**
     * Wraps bytes that {@link #bytes()} returned once, perhaps in another process.
     *
     * @param bytes the kept plan
     */
    public static KeptPlan of(byte[] bytes) {
        byte[] kept = bytes.clone();
        return new KeptPlan(kept, Suppliers.memoize(() -> JobSlots.notedIn(read(kept))), JobDefaults.NONE);
    }

    /**
     * Serializes a graph; the graph is used up.
     *
     * @param graph the graph
     * @param ofCluster what its program was given by the cluster
     */
    static KeptPlan of(StreamGraph graph, Configuration ofCluster) throws IOException {
        int slots = JobSlots.note(graph);
        JobDefaults.note(graph, ofCluster);
        graph.serializeUserDefinedInstances();
        return new KeptPlan(InstantiationUtil.serializeObject(graph), () -> slots, JobDefaults.NONE);
    }

    /**
     * Returns the plan for a cluster that sets something for its jobs.
     *
     * @param present what it sets now
     */
    public KeptPlan under(JobDefaults present) {
        return new KeptPlan(bytes, slots, present);
    }

    /**
     * Returns what the program set in the job's own configuration: without what it was given by the cluster.
     *
     * @throws InvalidInputException if the bytes are not a plan of this Flink version
     */
    public Map<String, String> ownConfiguration() {
        return JobDefaults.ownOf(read().getJobConfiguration().toMap());
    }

    /**
     * Returns how many slots the job needs, all its tasks running; 0 if that is not known.
     *
     * @throws InvalidInputException if the bytes are not a plan of this Flink version
     */
    public int slots() {
        return slots.get();
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
        defaults.applyTo(graph);
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
        return read(bytes);
    }

    private static StreamGraph read(byte[] bytes) {
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
