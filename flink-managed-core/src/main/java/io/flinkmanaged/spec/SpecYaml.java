package io.flinkmanaged.spec;

import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.spec.RestartStrategy.ExponentialDelay;
import io.flinkmanaged.spec.RestartStrategy.FailureRate;
import io.flinkmanaged.spec.RestartStrategy.FixedDelay;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A spec as YAML: {@code read(write(spec))} equals the spec.
 *
 * <p>There is one form. A record of the journal spells its plan out, so that it means the same when the catalogue changes;
 * a person names it.
 */
public final class SpecYaml {

    static final int FORMAT = 1;

    private SpecYaml() {}

    /**
     * Writes a spec as a record that is kept.
     *
     * @param spec the spec
     */
    public static String write(ClusterSpec spec) {
        return YamlText.write(document(spec, planMap(spec.plan())));
    }

    /**
     * Reads a record that was kept.
     *
     * @param subject what the text is, for complaints
     * @param text what {@link #write} returned
     * @throws InvalidSpecException with every finding, if it is something else, or of another format
     */
    public static ClusterSpec read(String subject, String text) {
        return SpecReader.ofRecord(subject, text);
    }

    /** Writes a spec for people: plans of the catalogue by their names. */
    static String writeForPeople(ClusterSpec spec) {
        Plan plan = spec.plan();
        boolean known = Plans.named(plan.name()).filter(plan::equals).isPresent();
        return YamlText.write(document(spec, known ? plan.name() : planMap(plan)));
    }

    private static Map<String, Object> document(ClusterSpec spec, Object plan) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("name", spec.name().value());
        map.put("plan", plan);
        map.put("task-slots", spec.taskSlots());
        map.put("state-backend", wordOf(spec.stateBackend()));
        spec.defaultParallelism().ifPresent(parallelism -> map.put("default-parallelism", parallelism));
        spec.chosenRestartStrategy().ifPresent(strategy -> map.put("restart-strategy", strategyMap(strategy)));
        spec.checkpoints().ifPresent(checkpoints -> map.put("checkpoints", checkpointsMap(checkpoints)));
        map.put("overrides", spec.overrides());
        return map;
    }

    static String wordOf(StateBackend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> planMap(Plan plan) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", plan.name());
        map.put("nodes", plan.nodes());
        map.put("node-memory", plan.nodeMemory().getBytes() + "b");
        map.put("node-cpus", plan.nodeCpus());
        return map;
    }

    private static Map<String, Object> strategyMap(RestartStrategy strategy) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (strategy instanceof FailureRate rate) {
            map.put("type", "failure-rate");
            map.put("failures", rate.failures());
            map.put("interval", Texts.of(rate.interval()));
            map.put("delay", Texts.of(rate.delay()));
        } else if (strategy instanceof ExponentialDelay delay) {
            map.put("type", "exponential-delay");
            map.put("initial-delay", Texts.of(delay.initialDelay()));
            map.put("maximum-delay", Texts.of(delay.maximumDelay()));
            map.put("multiplier", delay.multiplier());
            map.put("reset-after", Texts.of(delay.resetAfter()));
            map.put("jitter", delay.jitter());
            map.put("attempts", delay.attempts());
        } else if (strategy instanceof FixedDelay delay) {
            map.put("type", "fixed-delay");
            map.put("attempts", delay.attempts());
            map.put("delay", Texts.of(delay.delay()));
        } else {
            map.put("type", "none");
        }
        return map;
    }

    private static Map<String, Object> checkpointsMap(Checkpointing checkpoints) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("interval", Texts.of(checkpoints.interval()));
        map.put("timeout", Texts.of(checkpoints.timeout()));
        map.put("minimum-pause", Texts.of(checkpoints.minimumPause()));
        map.put("retained", checkpoints.retained());
        map.put("unaligned", checkpoints.unaligned());
        map.put("incremental", checkpoints.incremental());
        map.put("tolerated-failures", checkpoints.toleratedFailures());
        map.put("location", checkpoints.location().uri().toString());
        map.put("location-options", checkpoints.location().options());
        return map;
    }
}
