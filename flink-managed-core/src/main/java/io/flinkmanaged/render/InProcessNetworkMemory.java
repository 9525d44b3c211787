package io.flinkmanaged.render;

import static io.flinkmanaged.config.Layer.PLAN;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * The network memory of a TaskManager that runs in this JVM, where no process size divides it.
 *
 * <p>Flink takes 64 MiB whatever the slots, allocates it at start and writes every page of it: most of what a further
 * cluster costs (decision 0010). An all-to-all shuffle of a job that fills the cluster requires, of each subtask, two
 * buffers a channel and a floating one where it is read and a buffer a channel and one where it is written; there is room
 * for {@value #SHUFFLES} of these.
 */
final class InProcessNetworkMemory {

    static final int SHUFFLES = 32;
    /** Sixteen blocking partitions of a batch job at once in the least memory. Flink's 512 would allow one. */
    static final int SORT_SHUFFLE_BUFFERS = 32;

    private static final long LEAST_MIBI_BYTES = 16;
    private static final long FLINKS_MIBI_BYTES = 64;
    private static final int BUFFERS_A_MIBI_BYTE = 32;
    private static final List<String> DECIDED_BY = List.of(
            TaskManagerOptions.NETWORK_MEMORY_MIN.key(),
            TaskManagerOptions.NETWORK_MEMORY_MAX.key(),
            TaskManagerOptions.MEMORY_SEGMENT_SIZE.key());

    private InProcessNetworkMemory() {}

    /** Adds nothing if an override has a say in it: Flink wants the two bounds to be equal, and we to know the buffers. */
    static void addTo(LayeredConfiguration.Builder configuration, ClusterSpec spec) {
        if (DECIDED_BY.stream().anyMatch(key -> spec.overrides().containsKey(key))) {
            return;
        }
        MemorySize size = sizeFor(spec.taskSlots(), spec.plan().nodes());
        String reason =
                "room for " + SHUFFLES + " all-to-all shuffles of a job that fills the cluster; Flink's 64 MiB in "
                        + "process is written in full at each start";
        configuration
                .set(PLAN, TaskManagerOptions.NETWORK_MEMORY_MIN, size, reason)
                .set(PLAN, TaskManagerOptions.NETWORK_MEMORY_MAX, size, reason)
                .set(
                        PLAN,
                        NettyShuffleEnvironmentOptions.NETWORK_SORT_SHUFFLE_MIN_BUFFERS,
                        SORT_SHUFFLE_BUFFERS,
                        "a batch job's partitions fit into the network memory; Flink's 512 are 16 MiB each");
    }

    static MemorySize sizeFor(int slots, int taskManagers) {
        long channels = (long) slots * taskManagers;
        long buffers = (long) SHUFFLES * slots * (3 * channels + 2);
        return MemorySize.ofMebiBytes(
                Math.min(FLINKS_MIBI_BYTES, Math.max(LEAST_MIBI_BYTES, buffers / BUFFERS_A_MIBI_BYTE)));
    }
}
