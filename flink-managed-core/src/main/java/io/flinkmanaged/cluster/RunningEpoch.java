package io.flinkmanaged.cluster;

import io.flinkmanaged.config.JobKeys;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.flink.JobDefaults;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.model.Epoch;
import java.util.Map;
import java.util.TreeMap;

/**
 * A life of a cluster's processes that has begun and has not been ended.
 *
 * @param epoch its number
 * @param launched the launcher's handle
 * @param configuration the configuration in force: that it was launched with, until a change that left the processes
 *     running
 */
public record RunningEpoch(Epoch epoch, LaunchedCluster launched, LayeredConfiguration configuration) {

    private static final String STRATEGY_FAMILY = "restart-strategy.";

    RunningEpoch(Epoch epoch, LaunchedCluster launched) {
        this(epoch, launched, launched.configuration());
    }

    RunningEpoch under(LayeredConfiguration changed) {
        return new RunningEpoch(epoch, launched, changed);
    }

    /** Returns what an attempt that is submitted now starts with, unless its program says otherwise. */
    JobDefaults jobDefaults() {
        Map<String, String> inForce = JobKeys.of(configuration);
        if (configuration.equals(launched.configuration())) {
            return new JobDefaults(inForce, Map.of());
        }
        Map<String, String> launchedWith = JobKeys.of(launched.configuration());
        Map<String, String> changed = new TreeMap<>(inForce);
        changed.entrySet().removeIf(one -> one.getValue().equals(launchedWith.get(one.getKey())));
        if (changed.keySet().stream().anyMatch(key -> key.startsWith(STRATEGY_FAMILY))) {
            // Flink takes a strategy from where its type is set, with all its figures.
            inForce.forEach((key, value) -> {
                if (key.startsWith(STRATEGY_FAMILY)) {
                    changed.put(key, value);
                }
            });
        }
        return new JobDefaults(inForce, changed);
    }
}
