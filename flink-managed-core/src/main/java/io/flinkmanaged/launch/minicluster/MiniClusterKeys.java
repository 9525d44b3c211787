package io.flinkmanaged.launch.minicluster;

import java.util.Map;

/** The keys that a {@code MiniCluster} sets where nobody did, so that they are not drift (MiniClusterConfiguration). */
final class MiniClusterKeys {

    private static final String SIZES =
            "TaskManagers share the memory of this JVM; Flink fills in sizes that bound nothing";

    static final Map<String, String> ADDED = Map.ofEntries(
            Map.entry("taskmanager.cpu.cores", SIZES),
            Map.entry("taskmanager.memory.task.heap.size", SIZES),
            Map.entry("taskmanager.memory.task.off-heap.size", SIZES),
            Map.entry("taskmanager.memory.managed.size", SIZES),
            Map.entry("taskmanager.memory.framework.heap.size", SIZES),
            Map.entry("taskmanager.memory.framework.off-heap.size", SIZES),
            Map.entry("taskmanager.memory.jvm-metaspace.size", SIZES),
            Map.entry("taskmanager.memory.jvm-overhead.max", SIZES),
            Map.entry("taskmanager.memory.jvm-overhead.min", SIZES),
            Map.entry("cluster.io-pool.size", "Flink's own default for a MiniCluster"),
            Map.entry("pekko.ask.timeout", "Flink waits longer in a MiniCluster: five minutes"));

    private MiniClusterKeys() {}
}
