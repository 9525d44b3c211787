package io.flinkmanaged.spec;

import io.flinkmanaged.internal.Nearest;
import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.RestartStrategy.ExponentialDelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;

/** Reads one spec, and goes on after a fault, so that all are told at once. What is left out has the builder's default. */
final class SpecReader {

    private static final Set<String> FIELDS = Set.of(
            "format",
            "name",
            "plan",
            "task-slots",
            "state-backend",
            "default-parallelism",
            "restart-strategy",
            "checkpoints",
            "overrides");
    private static final Set<String> PLAN_FIELDS = Set.of("name", "nodes", "node-memory", "node-cpus");
    private static final Set<String> CHECKPOINT_FIELDS = Set.of(
            "interval",
            "timeout",
            "minimum-pause",
            "retained",
            "unaligned",
            "incremental",
            "tolerated-failures",
            "location",
            "location-options");
    private static final String IN_PEOPLES_FILE = "Correct it; ClusterSpec.toYaml() shows the form.";

    private final YamlRecord record;
    private final List<Finding> findings = new ArrayList<>();

    private SpecReader(YamlRecord record) {
        this.record = record;
    }

    static ClusterSpec ofRecord(String subject, String text) {
        return new SpecReader(YamlRecord.read(subject, text).requireFormat(SpecYaml.FORMAT)).spec(subject);
    }

    static ClusterSpec ofPeople(String text) {
        YamlRecord record = YamlRecord.read("spec", text, IN_PEOPLES_FILE);
        if (record.has("format") && record.number("format") != SpecYaml.FORMAT) {
            throw InvalidInputException.of(
                    "spec, field format",
                    record.number("format"),
                    "format " + SpecYaml.FORMAT + ", the only one that this version knows",
                    record.number("format") > SpecYaml.FORMAT
                            ? "A newer version of this library wrote it; use that version."
                            : "Write format: " + SpecYaml.FORMAT + ".");
        }
        return new SpecReader(record).spec("spec");
    }

    private ClusterSpec spec(String subject) {
        refuseOthers(record, FIELDS);
        Optional<ClusterSpec.Builder> named = Optional.ofNullable(tried(() -> ClusterSpec.named(record.text("name"))));
        ClusterSpec.Builder builder = named.orElseGet(() -> ClusterSpec.named("unnamed"));
        ifPresent("plan", () -> builder.plan(plan()));
        ifPresent("task-slots", () -> builder.taskSlots(record.count("task-slots")));
        ifPresent("state-backend", () -> builder.stateBackend(backend()));
        ifPresent("default-parallelism", () -> builder.defaultParallelism(record.count("default-parallelism")));
        ifPresent("restart-strategy", () -> builder.restartStrategy(strategy(within("restart-strategy"))));
        ifPresent("checkpoints", () -> checkpoints(within("checkpoints")).ifPresent(builder::checkpoints));
        ifPresent("overrides", () -> record.textMap("overrides").forEach(builder::override));
        ClusterSpec spec = tried(builder::build);
        if (spec == null || !findings.isEmpty()) {
            throw new InvalidSpecException(named.map(one -> one.name().value()).orElse(subject), findings);
        }
        return spec;
    }

    private Plan plan() {
        if (record.isText("plan")) {
            String name = record.text("plan");
            return Plans.named(name).orElseThrow(() -> unknownPlan(name));
        }
        YamlRecord plan = within("plan");
        refuseOthers(plan, PLAN_FIELDS);
        return Plan.custom(
                plan.text("name"),
                plan.count("nodes"),
                plan.parsed("node-memory", "a size such as 4096m", MemorySize::parse),
                plan.count("node-cpus"));
    }

    private static InvalidInputException unknownPlan(String name) {
        List<String> names = Plans.all().stream().map(Plan::name).toList();
        return InvalidInputException.of(
                "plan",
                "\"" + name + "\"",
                "a plan of the catalogue, or a map with name, nodes, node-memory and node-cpus",
                Nearest.to(name, names)
                        .map(near -> "Did you mean " + near + "?")
                        .orElse("There are " + String.join(", ", names) + "."));
    }

    private StateBackend backend() {
        String word = record.text("state-backend");
        return Arrays.stream(StateBackend.values())
                .filter(backend -> SpecYaml.wordOf(backend).equals(word))
                .findFirst()
                .orElseThrow(() -> record.damaged("state-backend", "hashmap or rocksdb"));
    }

    private RestartStrategy strategy(YamlRecord strategy) {
        String type = strategy.text("type");
        return switch (type) {
            case "failure-rate" -> {
                refuseOthers(strategy, Set.of("type", "failures", "interval", "delay"));
                yield RestartStrategy.failureRate(
                        strategy.count("failures"), duration(strategy, "interval"), duration(strategy, "delay"));
            }
            case "exponential-delay" -> exponentialDelay(strategy);
            case "fixed-delay" -> {
                refuseOthers(strategy, Set.of("type", "attempts", "delay"));
                yield RestartStrategy.fixedDelay(strategy.count("attempts"), duration(strategy, "delay"));
            }
            case "none" -> {
                refuseOthers(strategy, Set.of("type"));
                yield RestartStrategy.none();
            }
            default -> throw strategy.damaged("type", "failure-rate, exponential-delay, fixed-delay or none");
        };
    }

    private RestartStrategy exponentialDelay(YamlRecord strategy) {
        refuseOthers(
                strategy,
                Set.of("type", "initial-delay", "maximum-delay", "multiplier", "reset-after", "jitter", "attempts"));
        ExponentialDelay ours = RestartStrategy.exponentialDelay();
        return new ExponentialDelay(
                duration(strategy, "initial-delay", ours.initialDelay()),
                duration(strategy, "maximum-delay", ours.maximumDelay()),
                strategy.has("multiplier") ? strategy.decimal("multiplier") : ours.multiplier(),
                duration(strategy, "reset-after", ours.resetAfter()),
                strategy.has("jitter") ? strategy.decimal("jitter") : ours.jitter(),
                strategy.has("attempts") ? strategy.count("attempts") : ours.attempts());
    }

    private Optional<Checkpointing> checkpoints(YamlRecord fields) {
        refuseOthers(fields, CHECKPOINT_FIELDS);
        Checkpointing.Every every = tried(() -> Checkpointing.every(duration(fields, "interval")));
        StorageLocation location = tried(() -> location(fields));
        // Even where one of these is at fault, the other fields are judged.
        Changing checkpoints = new Changing((every == null ? Checkpointing.every(Duration.ofMinutes(1)) : every)
                .to(location == null ? StorageLocation.at("file:///unknown") : location));
        checkpoints.ifPresent(fields, "timeout", now -> now.timeout(duration(fields, "timeout")));
        checkpoints.ifPresent(fields, "minimum-pause", now -> now.minimumPause(duration(fields, "minimum-pause")));
        checkpoints.ifPresent(fields, "retained", now -> now.retained(fields.count("retained")));
        checkpoints.ifPresent(fields, "unaligned", now -> now.unaligned(fields.flag("unaligned")));
        checkpoints.ifPresent(fields, "incremental", now -> now.incremental(fields.flag("incremental")));
        checkpoints.ifPresent(
                fields, "tolerated-failures", now -> now.toleratedFailures(fields.count("tolerated-failures")));
        return every == null || location == null ? Optional.empty() : Optional.of(checkpoints.now);
    }

    private static StorageLocation location(YamlRecord fields) {
        SortedMap<String, String> options = fields.textMap("location-options");
        return new StorageLocation(StorageLocation.at(fields.text("location")).uri(), options);
    }

    private YamlRecord within(String field) {
        return record.optionalRecord(field).orElseThrow(() -> record.damaged(field, "a map"));
    }

    private void refuseOthers(YamlRecord fields, Set<String> known) {
        for (String field : fields.names()) {
            if (!known.contains(field)) {
                // The value is not shown: a misspelt field may hold a secret.
                findings.add(new Finding(
                        fields.subject() + ", field " + field,
                        "…",
                        "one of " + String.join(", ", known.stream().sorted().toList()),
                        Nearest.to(field, known)
                                .map(near -> "Did you mean " + near + "?")
                                .orElse("Remove it; a Flink key goes into overrides.")));
            }
        }
    }

    private static Duration duration(YamlRecord fields, String field) {
        return fields.parsed(field, "a duration such as 30 s", Texts::duration);
    }

    private static Duration duration(YamlRecord fields, String field, Duration otherwise) {
        return fields.has(field) ? duration(fields, field) : otherwise;
    }

    private void ifPresent(String field, Runnable apply) {
        if (record.has(field)) {
            Boolean unused = tried(() -> {
                apply.run();
                return true;
            });
        }
    }

    private <T> @Nullable T tried(Supplier<T> step) {
        try {
            return step.get();
        } catch (InvalidInputException e) {
            findings.addAll(e.findings());
            return null;
        }
    }

    /** Checkpoint settings that fields are applied to, one after the other. */
    private final class Changing {

        private Checkpointing now;

        Changing(Checkpointing first) {
            now = first;
        }

        void ifPresent(YamlRecord fields, String field, UnaryOperator<Checkpointing> change) {
            if (fields.has(field)) {
                Checkpointing changed = tried(() -> change.apply(now));
                now = changed == null ? now : changed;
            }
        }
    }
}
