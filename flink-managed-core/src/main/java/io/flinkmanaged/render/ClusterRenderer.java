package io.flinkmanaged.render;

import static io.flinkmanaged.config.Layer.OVERRIDE;
import static io.flinkmanaged.config.Layer.PLACEMENT;
import static io.flinkmanaged.config.Layer.SPEC;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/** Turns a spec into Flink's configuration; pure. */
public final class ClusterRenderer {

    private static final String OWN_DIRECTORY = "an epoch keeps its files in one directory, which goes with it";

    private ClusterRenderer() {}

    /**
     * Renders an epoch of a cluster.
     *
     * @param spec what is wanted
     * @param placement where it runs
     * @param storage what the state storage needs
     * @return the decided cluster
     */
    public static RenderedCluster render(ClusterSpec spec, Placement placement, List<Setting> storage) {
        LayeredConfiguration.Builder configuration = LayeredConfiguration.builder();
        LibraryDefaults.addTo(configuration);
        InProcessNetworkMemory.addTo(configuration, spec);
        configuration.setAll(storage);
        addSpec(configuration, spec);
        addPlacement(configuration, spec, placement);
        return new RenderedCluster(spec, placement, nodesOf(spec), configuration.build());
    }

    /**
     * Explains a spec that is not launched: the placement is made of names instead of ports and directories.
     *
     * @param spec what is wanted
     * @return the configuration without storage and placement
     */
    public static LayeredConfiguration withoutPlacement(ClusterSpec spec) {
        LayeredConfiguration.Builder configuration = LayeredConfiguration.builder();
        LibraryDefaults.addTo(configuration);
        addSpec(configuration, spec);
        return configuration.build();
    }

    /** What all of Flink's processes of a cluster have in common, wherever they run. */
    static LayeredConfiguration ofProcesses(ClusterSpec spec, List<Setting> others) {
        LayeredConfiguration.Builder configuration = LayeredConfiguration.builder();
        LibraryDefaults.addTo(configuration);
        new MemoryDivision(spec, others).addTo(configuration);
        configuration.setAll(others);
        addSpec(configuration, spec);
        return configuration.build();
    }

    private static List<NodeId> nodesOf(ClusterSpec spec) {
        return IntStream.rangeClosed(1, spec.plan().nodes())
                .mapToObj(NodeId::new)
                .toList();
    }

    private static void addSpec(LayeredConfiguration.Builder configuration, ClusterSpec spec) {
        configuration.set(SPEC, TaskManagerOptions.NUM_TASK_SLOTS, spec.taskSlots(), "ClusterSpec.taskSlots");
        configuration.set(
                SPEC, StateBackendOptions.STATE_BACKEND, spec.stateBackend().flinkName(), "ClusterSpec.stateBackend");
        spec.defaultParallelism()
                .ifPresent(parallelism -> configuration.set(
                        SPEC, CoreOptions.DEFAULT_PARALLELISM, parallelism, "ClusterSpec.defaultParallelism"));
        RestartSettings.addTo(configuration, spec);
        spec.checkpoints().ifPresent(checkpoints -> addCheckpoints(configuration, checkpoints));
        spec.overrides().forEach((key, value) -> configuration.set(OVERRIDE, key, value, "ClusterSpec.override"));
    }

    private static void addCheckpoints(LayeredConfiguration.Builder configuration, Checkpointing checkpoints) {
        configuration
                .set(SPEC, CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpoints.interval(), "Checkpointing.every")
                .set(SPEC, CheckpointingOptions.CHECKPOINTING_TIMEOUT, checkpoints.timeout(), "Checkpointing.timeout")
                .set(
                        SPEC,
                        CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS,
                        checkpoints.minimumPause(),
                        "Checkpointing.minimumPause")
                .set(
                        SPEC,
                        CheckpointingOptions.MAX_RETAINED_CHECKPOINTS,
                        checkpoints.retained(),
                        "Checkpointing.retained")
                .set(SPEC, CheckpointingOptions.ENABLE_UNALIGNED, checkpoints.unaligned(), "Checkpointing.unaligned")
                .set(
                        SPEC,
                        CheckpointingOptions.INCREMENTAL_CHECKPOINTS,
                        checkpoints.incremental(),
                        "Checkpointing.incremental; of effect with RocksDB")
                .set(
                        SPEC,
                        CheckpointingOptions.TOLERABLE_FAILURE_NUMBER,
                        checkpoints.toleratedFailures(),
                        "Checkpointing.toleratedFailures");
    }

    private static void addPlacement(
            LayeredConfiguration.Builder configuration, ClusterSpec spec, Placement placement) {
        String directory = placement.directory().toString();
        configuration
                .set(PLACEMENT, CoreOptions.TMP_DIRS, directory, OWN_DIRECTORY)
                .set(PLACEMENT, WebOptions.TMP_DIR, directory, OWN_DIRECTORY)
                .set(
                        PLACEMENT,
                        RestOptions.BIND_PORT,
                        "0",
                        "the operating system gives a free port, so that clusters live side by side")
                .set(
                        PLACEMENT,
                        "high-availability.cluster-id",
                        spec.name() + "-" + placement.epoch(),
                        "an epoch never reads a former epoch's data");
    }
}
