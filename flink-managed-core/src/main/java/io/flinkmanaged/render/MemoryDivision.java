package io.flinkmanaged.render;

import static io.flinkmanaged.config.Layer.PLAN;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * How a node's memory is divided among the operating system, a ZooKeeper peer, a JobManager and a TaskManager: see {@code
 * docs/decisions/0025-memory-of-a-node.md}. All in MiB, by whole ones, so that what a JVM reports is what was rendered.
 */
final class MemoryDivision {

    private static final int SMALLEST_NODE = 1024;
    private static final String FOR_THE_NODE =
            "the JVMs of a node and a reserve for its operating system fit its memory";

    private final ClusterSpec spec;
    private final Set<String> decided;
    private final long node;

    MemoryDivision(ClusterSpec spec, List<Setting> others) {
        this.spec = spec;
        decided = new HashSet<>(spec.overrides().keySet());
        others.forEach(setting -> decided.add(setting.key()));
        node = spec.plan().nodeMemory().getBytes() >> 20;
    }

    /** For the kernel, its page cache (RocksDB reads through it), and whoever looks after the machine. */
    long operatingSystem() {
        return clamp(node / 10, 96, 2048);
    }

    long zooKeeper() {
        return clamp(node / 32, 112, 512);
    }

    /** Grows with the jobs that a node of this size will run; beyond 3 GiB it would only be idle. */
    long jobManager() {
        return Math.min(352 + (node - SMALLEST_NODE) / 5, 3072);
    }

    long taskManager() {
        return node - operatingSystem() - zooKeeper() - jobManager();
    }

    /** Adds what Flink's calculators begin with. Where an override or a policy has a say, ours gives way as a whole. */
    void addTo(LayeredConfiguration.Builder configuration) {
        addJobManager(configuration);
        addTaskManager(configuration);
    }

    private void addJobManager(LayeredConfiguration.Builder configuration) {
        long total = jobManager();
        long overhead = clamp(total / 8, 48, 192);
        long metaspace = clamp(total / 5, 112, 256);
        long offHeap = clamp(total / 8, 64, 128);
        if (isOurs("jobmanager.memory.flink.size", "jobmanager.memory.heap.size")) {
            set(configuration, JobManagerOptions.TOTAL_PROCESS_MEMORY, total, FOR_THE_NODE);
        }
        set(configuration, JobManagerOptions.JVM_METASPACE, metaspace, "room for the classes of jobs");
        long toOffHeap = offHeap + unaligned(total - overhead - metaspace - offHeap);
        set(configuration, JobManagerOptions.OFF_HEAP_MEMORY, toOffHeap, "connections of the JobManager");
        if (isOurs("jobmanager.memory.jvm-overhead.")) {
            set(configuration, JobManagerOptions.JVM_OVERHEAD_MIN, overhead, "threads and the JVM's own memory");
            set(configuration, JobManagerOptions.JVM_OVERHEAD_MAX, overhead, "threads and the JVM's own memory");
        }
        LayeredConfiguration.Builder unused = configuration.set(
                PLAN,
                JobManagerOptions.JVM_DIRECT_MEMORY_LIMIT_ENABLED,
                true,
                "without a limit, connections could take what belongs to another process of the node");
    }

    private void addTaskManager(LayeredConfiguration.Builder configuration) {
        long total = taskManager();
        long metaspace = clamp(total / 10, 112, 512);
        long overhead = clamp(total / 10, 48, 1024);
        long framework = clamp(total / 8, 48, 128);
        long frameworkOffHeap = clamp(total / 8, 64, 128);
        long flink = total - metaspace - overhead;
        long network = network(flink);
        long rest = flink - framework - frameworkOffHeap - network;
        if (isOurs("taskmanager.memory.flink.size", "taskmanager.memory.task.heap.size")) {
            set(configuration, TaskManagerOptions.TOTAL_PROCESS_MEMORY, total, FOR_THE_NODE);
        }
        set(configuration, TaskManagerOptions.JVM_METASPACE, metaspace, "room for the classes of jobs");
        if (isOurs("taskmanager.memory.jvm-overhead.")) {
            set(configuration, TaskManagerOptions.JVM_OVERHEAD_MIN, overhead, "threads and the JVM's own memory");
            set(configuration, TaskManagerOptions.JVM_OVERHEAD_MAX, overhead, "threads and the JVM's own memory");
        }
        set(configuration, TaskManagerOptions.FRAMEWORK_HEAP_MEMORY, framework, "what Flink itself needs");
        set(configuration, TaskManagerOptions.FRAMEWORK_OFF_HEAP_MEMORY, frameworkOffHeap, "connections of Flink");
        if (isOurs("taskmanager.memory.network.", "taskmanager.memory.segment-size")) {
            String reason = "shuffles of jobs that fill the slots";
            set(configuration, TaskManagerOptions.NETWORK_MEMORY_MIN, network, reason);
            set(configuration, TaskManagerOptions.NETWORK_MEMORY_MAX, network, reason);
        }
        if (isOurs("taskmanager.memory.managed.fraction")) {
            long managed = managed(rest);
            long toManaged = managed + unaligned(framework + rest - managed);
            set(configuration, TaskManagerOptions.MANAGED_MEMORY_SIZE, toManaged, managedReason());
        }
    }

    /** A tenth or less as Flink has it, but with room for many shuffles on many slots, and bounded on large nodes. */
    private long network(long flink) {
        long forSlots = InProcessNetworkMemory.sizeFor(
                        spec.taskSlots(), spec.plan().nodes())
                .getMebiBytes();
        return Math.min(Math.max(forSlots, clamp(flink / 12, 16, 512)), flink / 4);
    }

    private long managed(long rest) {
        return spec.stateBackend() == StateBackend.ROCKSDB
                ? rest * 6 / 10
                : Math.min(Math.max(rest / 20, 4L * spec.taskSlots()), rest / 4);
    }

    private String managedReason() {
        return spec.stateBackend() == StateBackend.ROCKSDB
                ? "the caches of RocksDB"
                : "HashMap keeps its state on the heap, where Flink's 40 % would be missing; batch sorts and Python "
                        + "still have something";
    }

    /** What a JVM would round away, or up: it takes its heap in whole regions, at most 2048 of them, and even MiB. */
    private static long unaligned(long heap) {
        long region = clamp(Long.highestOneBit(Math.max(heap / 2048, 1)), 2, 32);
        return heap % region;
    }

    private boolean isOurs(String... overridden) {
        for (String key : decided) {
            for (String prefix : overridden) {
                if (key.startsWith(prefix)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void set(
            LayeredConfiguration.Builder configuration, ConfigOption<MemorySize> option, long mibiBytes, String why) {
        LayeredConfiguration.Builder unused = configuration.set(PLAN, option.key(), mibiBytes + "m", why);
    }

    private static long clamp(long value, long least, long most) {
        return Math.min(Math.max(value, least), most);
    }
}
