package io.flinkmanaged.flink;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * What a cluster sets for its jobs when an attempt of one starts. It never wins over what the program set itself.
 *
 * <p>A kept plan carries the values that were the cluster's when its program ran, and says which those are; they give way
 * to the present ones.
 *
 * @param inForce the value of each key that Flink reads once a job
 * @param changed those that the cluster's processes do not have yet, because they started with others
 */
public record JobDefaults(Map<String, String> inForce, Map<String, String> changed) {

    /** Nothing is set. */
    public static final JobDefaults NONE = new JobDefaults(Map.of(), Map.of());

    private static final String BOOKKEEPING = "$internal.";
    private static final String INHERITED = "flink-managed.inherited";
    private static final String STRATEGY_FAMILY = "restart-strategy.";
    private static final String STRATEGY = "restart-strategy.type";

    /** Keeps copies. */
    public JobDefaults {
        inForce = Map.copyOf(inForce);
        changed = Map.copyOf(changed);
    }

    /** Notes in a graph which of its values are a cluster's: those that the program left as they were. */
    static void note(StreamGraph graph, Configuration ofCluster) {
        Map<String, String> job = graph.getJobConfiguration().toMap();
        String inherited = ofCluster.toMap().entrySet().stream()
                .filter(one -> one.getValue().equals(job.get(one.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(","));
        graph.getJobConfiguration().setString(INHERITED, inherited);
    }

    /** Gives a graph the present values. */
    void applyTo(StreamGraph graph) {
        Configuration configuration = graph.getJobConfiguration();
        Map<String, String> job = configuration.toMap();
        Map<String, String> present = new TreeMap<>();
        for (String key : inherited(job)) {
            String value = inForce.get(key);
            if (value != null && !value.equals(job.get(key))) {
                present.put(key, value);
            }
        }
        changed.forEach((key, value) -> {
            // Flink takes a strategy from where its type is set, with all its figures.
            boolean ofOwnStrategy = key.startsWith(STRATEGY_FAMILY) && job.containsKey(STRATEGY);
            if (!job.containsKey(key) && !ofOwnStrategy) {
                present.put(key, value);
            }
        });
        present.forEach(configuration::setString);
        // Flink keeps these twice.
        graph.getCheckpointConfig().configure(Configuration.fromMap(present));
    }

    /** Returns what of a graph's configuration is its program's. */
    static Map<String, String> ownOf(Map<String, String> job) {
        Map<String, String> own = new TreeMap<>(job);
        own.keySet().removeAll(inherited(job));
        own.remove(INHERITED);
        own.keySet().removeIf(key -> key.startsWith(BOOKKEEPING));
        return own;
    }

    private static List<String> inherited(Map<String, String> job) {
        return Arrays.asList(job.getOrDefault(INHERITED, "").split(","));
    }
}
