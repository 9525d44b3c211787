package io.flinkmanaged.config;

import io.flinkmanaged.model.Finding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys of which one may not be more than another: Flink refuses such a cluster when it starts, or never works in it. */
final class KeyPairs {

    private static final List<Pair> PAIRS = List.of(
            new Pair("heartbeat.interval", "heartbeat.timeout"),
            new Pair("jobmanager.memory.jvm-overhead.min", "jobmanager.memory.jvm-overhead.max"),
            new Pair("taskmanager.memory.jvm-overhead.min", "taskmanager.memory.jvm-overhead.max"),
            new Pair("taskmanager.network.request-backoff.initial", "taskmanager.network.request-backoff.max"),
            new Pair("cluster.registration.initial-timeout", "cluster.registration.max-timeout"));

    private KeyPairs() {}

    /** Looks at the pairs of which at least one is overridden; the other one has Flink's default then. */
    static List<Finding> judge(Map<String, String> overrides) {
        List<Finding> findings = new ArrayList<>();
        for (Pair pair : PAIRS) {
            if (overrides.containsKey(pair.less()) || overrides.containsKey(pair.more())) {
                pair.judge(overrides).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private record Pair(String less, String more) {

        Optional<Finding> judge(Map<String, String> overrides) {
            Optional<BigDecimal> least = amount(overrides, less);
            Optional<BigDecimal> most = amount(overrides, more);
            if (least.isEmpty() || most.isEmpty() || least.get().compareTo(most.get()) <= 0) {
                return Optional.empty();
            }
            String set = overrides.containsKey(less) ? less : more;
            String other = set.equals(less) ? more : less;
            return Optional.of(new Finding(
                    "override " + set,
                    value(overrides, set).orElse(""),
                    "not " + (set.equals(less) ? "more" : "less") + " than " + other + ", which is "
                            + value(overrides, other).orElse(""),
                    "Change one of both."));
        }

        private static Optional<BigDecimal> amount(Map<String, String> overrides, String key) {
            String type = KeyCatalogue.ofFlink().typeOf(key).orElse("");
            return value(overrides, key).flatMap(text -> ValueTypes.amount(type, text));
        }

        private static Optional<String> value(Map<String, String> overrides, String key) {
            return Optional.ofNullable(overrides.get(key))
                    .or(() -> KeyCatalogue.ofFlink().defaultOf(key));
        }
    }
}
