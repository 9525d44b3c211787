package io.flinkmanaged.spec;

import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;

/** A spec as a record that is kept: {@code read(write(spec))} equals the spec. */
public final class SpecYaml {

    private static final int FORMAT = 1;

    private SpecYaml() {}

    /**
     * Writes a spec.
     *
     * @param spec the spec
     */
    public static String write(ClusterSpec spec) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("name", spec.name().value());
        map.put("plan", planMap(spec.plan()));
        map.put("task-slots", spec.taskSlots());
        spec.checkpoints().ifPresent(checkpoints -> map.put("checkpoints", checkpointsMap(checkpoints)));
        map.put("overrides", spec.overrides());
        return YamlText.write(map);
    }

    /**
     * Reads a spec.
     *
     * @param subject what the text is, for complaints
     * @param text what {@link #write} returned
     * @throws InvalidInputException if it is something else, or of another format
     */
    public static ClusterSpec read(String subject, String text) {
        YamlRecord record = YamlRecord.read(subject, text).requireFormat(FORMAT);
        ClusterSpec.Builder builder = ClusterSpec.named(record.text("name"))
                .plan(plan(record.optionalRecord("plan").orElseThrow(() -> record.damaged("plan", "a plan"))))
                .taskSlots(record.count("task-slots"));
        record.optionalRecord("checkpoints").map(SpecYaml::checkpoints).ifPresent(builder::checkpoints);
        record.textMap("overrides").forEach(builder::override);
        return builder.build();
    }

    private static Map<String, Object> planMap(Plan plan) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", plan.name());
        map.put("nodes", plan.nodes());
        map.put("node-memory", plan.nodeMemory().getBytes() + "b");
        map.put("node-cpus", plan.nodeCpus());
        return map;
    }

    private static Plan plan(YamlRecord record) {
        return new Plan(
                record.text("name"),
                record.count("nodes"),
                record.parsed("node-memory", "a size such as 4096m", MemorySize::parse),
                record.count("node-cpus"));
    }

    private static Map<String, Object> checkpointsMap(Checkpointing checkpoints) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("interval", checkpoints.interval().toString());
        map.put("timeout", checkpoints.timeout().toString());
        map.put("minimum-pause", checkpoints.minimumPause().toString());
        map.put("retained", checkpoints.retained());
        map.put("location", checkpoints.location().uri().toString());
        map.put("location-options", checkpoints.location().options());
        return map;
    }

    private static Checkpointing checkpoints(YamlRecord record) {
        StorageLocation location = new StorageLocation(
                StorageLocation.at(record.text("location")).uri(), record.textMap("location-options"));
        return Checkpointing.every(duration(record, "interval"))
                .to(location)
                .timeout(duration(record, "timeout"))
                .minimumPause(duration(record, "minimum-pause"))
                .retained(record.count("retained"));
    }

    private static Duration duration(YamlRecord record, String field) {
        return record.parsed(field, "a duration such as PT1S", Duration::parse);
    }
}
