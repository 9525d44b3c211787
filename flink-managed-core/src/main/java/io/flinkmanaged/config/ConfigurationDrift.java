package io.flinkmanaged.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A key whose value in a running process is not the one that was rendered for it.
 *
 * @param process whose, such as {@code JobManager} or {@code TaskManager of node-2}
 * @param key the Flink key
 * @param rendered the value that was rendered, as people may see it; empty if there is none
 * @param effective the value that the process says it has, as people may see it; empty if there is none
 */
public record ConfigurationDrift(String process, String key, Optional<String> rendered, Optional<String> effective) {

    /** What Flink shows for a value of which it thinks that it is a secret. */
    private static final String HIDDEN_BY_FLINK = "******";

    /**
     * Compares what was rendered with what a process says. Values that Flink hides are not compared.
     *
     * @param process whose configuration it is
     * @param rendered what was rendered for it
     * @param effective what it says, values by keys
     * @param keys the keys that are compared
     * @return the differences, ordered by key
     */
    public static List<ConfigurationDrift> between(
            String process,
            LayeredConfiguration rendered,
            SortedMap<String, String> effective,
            SortedSet<String> keys) {
        List<ConfigurationDrift> drifts = new ArrayList<>();
        for (String key : keys) {
            Optional<String> was = rendered.effective(key).map(Setting::value);
            Optional<String> is = Optional.ofNullable(effective.get(key));
            if (!isSame(key, was, is)) {
                drifts.add(new ConfigurationDrift(
                        process,
                        key,
                        was.map(value -> SecretKeys.shown(key, value)),
                        is.map(value -> SecretKeys.shown(key, value))));
            }
        }
        return List.copyOf(drifts);
    }

    private static boolean isSame(String key, Optional<String> was, Optional<String> is) {
        if (is.filter(HIDDEN_BY_FLINK::equals).isPresent()) {
            return was.isPresent();
        }
        return was.equals(is) || (was.isPresent() && is.isPresent() && isSameAmount(key, was.get(), is.get()));
    }

    /** 1 min is 60 s. */
    private static boolean isSameAmount(String key, String was, String is) {
        String type = KeyCatalogue.ofFlink().typeOf(key).orElse("String");
        Optional<BigDecimal> one = ValueTypes.amount(type, was);
        Optional<BigDecimal> other = ValueTypes.amount(type, is);
        return one.isPresent() && other.isPresent() && one.get().compareTo(other.get()) == 0;
    }

    /** Returns {@code JobManager: web.history is 5 (rendered: 3)}. */
    @Override
    public String toString() {
        return process + ": " + key + " is " + effective.orElse("not set") + " (rendered: " + rendered.orElse("not set")
                + ")";
    }
}
