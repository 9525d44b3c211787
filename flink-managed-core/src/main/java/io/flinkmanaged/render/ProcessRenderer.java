package io.flinkmanaged.render;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.flink.ProcessMemory;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.NodeKeyFile;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns a spec into the processes of its nodes; pure: the same input gives the same bytes. */
public final class ProcessRenderer {

    private static final String JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
    private static final String ZOOKEEPER = "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer";

    /** The main classes of processes; whatever else is in front of one, it is among a process's arguments. */
    public static final Set<String> MAIN_CLASSES = Set.of(JOB_MANAGER, TASK_MANAGER, ZOOKEEPER);

    private final ClusterSpec spec;
    private final ProcessPlacement placement;
    private final LayeredConfiguration shared;
    private final NodeMemory memory;

    private ProcessRenderer(ClusterSpec spec, ProcessPlacement placement, List<Setting> storage) {
        this.spec = spec;
        this.placement = placement;
        this.shared = ClusterRenderer.ofProcesses(spec, storage);
        this.memory = NodeMemory.of(spec, shared);
    }

    /**
     * Renders every node of an epoch of a cluster.
     *
     * @param spec what is wanted
     * @param placement where it runs
     * @param storage what the state storage needs, and policies want
     * @return the nodes by number
     * @throws InvalidInputException if the placement is not one of the plan's nodes, or overrides of memory keys
     *     contradict each other
     */
    public static List<RenderedNode> render(ClusterSpec spec, ProcessPlacement placement, List<Setting> storage) {
        if (placement.nodes().size() != spec.plan().nodes()) {
            throw InvalidInputException.of(
                    "placement of cluster " + spec.name(),
                    placement.nodes().size() + " nodes",
                    spec.plan().nodes() + " nodes, as plan " + spec.plan().name() + " has",
                    "Place every node of the plan.");
        }
        ProcessRenderer renderer = new ProcessRenderer(spec, placement, storage);
        return placement.nodes().stream().map(renderer::node).toList();
    }

    private RenderedNode node(NodePlacement node) {
        List<RenderedProcess> processes = List.of(zooKeeper(node), jobManager(node), taskManager(node));
        List<String> directories = new ArrayList<>(List.of("plugins"));
        for (Kind kind : Kind.values()) {
            directories.add(kind.directory());
            directories.add(kind.directory() + "/conf");
            directories.add(kind.directory() + "/log");
            directories.add(kind.temporaryDirectory());
            directories.add(kind.directory() + "/working");
        }
        directories.add("zookeeper/data");
        placement.security().ifPresent(tls -> directories.add(NodeKeyFile.DIRECTORY));
        return new RenderedNode(node, directories, processes);
    }

    private RenderedProcess zooKeeper(NodePlacement node) {
        String conf = Kind.ZOOKEEPER.directory() + "/conf";
        return new RenderedProcess(
                Kind.ZOOKEEPER,
                ZOOKEEPER,
                JvmArguments.of(memory.zooKeeper(), Kind.ZOOKEEPER, List.of()),
                List.of(
                        "--zkConfigFile",
                        conf + "/zoo.cfg",
                        "--peerId",
                        Integer.toString(node.node().number())),
                new TreeMap<>(),
                List.of(ZooKeeperFile.in(conf, placement, node), Log4jFile.in(conf)),
                LayeredConfiguration.builder().build());
    }

    private RenderedProcess jobManager(NodePlacement node) {
        return flinkProcess(Kind.JOB_MANAGER, JOB_MANAGER, node, memory.jobManager(), "env.java.opts.jobmanager");
    }

    private RenderedProcess taskManager(NodePlacement node) {
        return flinkProcess(Kind.TASK_MANAGER, TASK_MANAGER, node, memory.taskManager(), "env.java.opts.taskmanager");
    }

    private RenderedProcess flinkProcess(
            Kind kind, String mainClass, NodePlacement node, ProcessMemory limits, String ownArguments) {
        LayeredConfiguration configuration = shared.with(PlacedSettings.of(spec, placement, node, kind, limits));
        List<String> own = new ArrayList<>();
        placement.security().ifPresent(tls -> own.addAll(TlsSettings.jvmArguments(kind)));
        own.addAll(JvmArguments.words(value(configuration, "env.java.opts.all")));
        own.addAll(JvmArguments.words(value(configuration, ownArguments)));
        String conf = kind.directory() + "/conf";
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("FLINK_CONF_DIR", conf);
        environment.put("FLINK_PLUGINS_DIR", "plugins");
        return new RenderedProcess(
                kind,
                mainClass,
                JvmArguments.of(limits, kind, own),
                List.of("--configDir", conf),
                environment,
                List.of(
                        new RenderedFile(conf + "/config.yaml", RenderedFile.PRIVATE, FlinkYaml.write(configuration)),
                        Log4jFile.in(conf),
                        Log4jFile.ofRehearsals(conf)),
                configuration);
    }

    private static Optional<String> value(LayeredConfiguration configuration, String key) {
        return configuration.effective(key).map(Setting::value);
    }
}
