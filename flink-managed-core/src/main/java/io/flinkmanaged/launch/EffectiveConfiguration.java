package io.flinkmanaged.launch;

import io.flinkmanaged.config.ConfigurationDrift;
import io.flinkmanaged.config.LayeredConfiguration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * With what a running epoch's processes say that they run, as far as Flink tells: of the JobManager every key, of a
 * TaskManager its slots and sizes (Flink 2.3 serves no more of it).
 *
 * @param jobManager values by keys; a value that Flink takes for a secret is six asterisks
 * @param taskManagers of each, by a name for people such as {@code TaskManager of node-1}
 * @param added keys that Flink or the launcher sets where nobody did, with the reason
 */
public record EffectiveConfiguration(
        SortedMap<String, String> jobManager,
        SortedMap<String, SortedMap<String, String>> taskManagers,
        Map<String, String> added) {

    /** Keeps copies. */
    public EffectiveConfiguration {
        jobManager = Collections.unmodifiableSortedMap(new TreeMap<>(jobManager));
        taskManagers = Collections.unmodifiableSortedMap(new TreeMap<>(taskManagers));
        added = Map.copyOf(added);
    }

    /**
     * Compares this with what was rendered.
     *
     * @param rendered what every process of the epoch was given
     * @return the differences: of the JobManager first
     */
    public List<ConfigurationDrift> driftFrom(LayeredConfiguration rendered) {
        SortedSet<String> given = new TreeSet<>();
        rendered.effective().forEach(setting -> given.add(setting.key()));
        SortedSet<String> keys = new TreeSet<>(jobManager.keySet());
        keys.addAll(given);
        keys.removeIf(key -> added.containsKey(key) && !given.contains(key));
        List<ConfigurationDrift> drifts =
                new ArrayList<>(ConfigurationDrift.between("JobManager", rendered, jobManager, keys));
        taskManagers.forEach((process, effective) -> {
            SortedSet<String> told = new TreeSet<>(effective.keySet());
            told.retainAll(given);
            drifts.addAll(ConfigurationDrift.between(process, rendered, effective, told));
        });
        return List.copyOf(drifts);
    }
}
