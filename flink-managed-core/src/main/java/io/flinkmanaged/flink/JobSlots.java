package io.flinkmanaged.flink;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;

/** How many slots a job needs: in each of its sharing groups, as many as the widest of its operators has instances. */
final class JobSlots {

    private static final String NOTE = "flink-managed.slots";

    private JobSlots() {}

    /** Counts the slots of a graph and notes them in it: once it is kept, its operators cannot be read without their classes. */
    static int note(StreamGraph graph) {
        Map<String, Integer> byGroup = new HashMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            byGroup.merge(String.valueOf(node.getSlotSharingGroup()), Math.max(1, node.getParallelism()), Math::max);
        }
        int slots = byGroup.values().stream().mapToInt(Integer::intValue).sum();
        graph.getJobConfiguration().setString(NOTE, Integer.toString(slots));
        return slots;
    }

    /** Returns what was noted; 0 if nothing was. */
    static int notedIn(StreamGraph graph) {
        return Integer.parseInt(graph.getJobConfiguration().toMap().getOrDefault(NOTE, "0"));
    }
}
