package io.flinkmanaged.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The keys that Flink reads once for each job, when it starts: another value holds for the next start of a job. */
public final class JobKeys {

    private static final class Holder {
        static final SortedMap<String, String> DEFAULTS = defaults();
    }

    private JobKeys() {}

    /**
     * Returns the values that a cluster's jobs start with, unless they set others themselves.
     *
     * @param configuration the cluster's configuration
     * @return by key; Flink's default where the cluster sets nothing
     */
    public static SortedMap<String, String> of(LayeredConfiguration configuration) {
        SortedMap<String, String> values = new TreeMap<>(Holder.DEFAULTS);
        for (Setting setting : configuration.effective()) {
            if (KeyChange.of(setting.key()).reader() == KeyReader.JOB) {
                values.put(setting.key(), setting.value());
            }
        }
        return Collections.unmodifiableSortedMap(values);
    }

    private static SortedMap<String, String> defaults() {
        KeyCatalogue catalogue = KeyCatalogue.ofFlink();
        SortedMap<String, String> defaults = new TreeMap<>();
        for (String key : catalogue.keys()) {
            boolean isFormerName = !catalogue.nameOf(key).equals(key);
            if (!isFormerName && KeyChange.of(key).reader() == KeyReader.JOB) {
                catalogue.defaultOf(key).ifPresent(value -> defaults.put(key, value));
            }
        }
        return defaults;
    }
}
