package io.flinkmanaged.spec;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.flinkmanaged.config.KeyCatalogue;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a cluster. Immutable and equal by content.
 *
 * <pre>{@code
 * ClusterSpec spec = ClusterSpec.named("flights")
 *         .plan(Plans.SINGLE_NODE_4GB)
 *         .taskSlots(2)
 *         .checkpoints(Checkpointing.every(Duration.ofSeconds(1)).to(FileStorage.at(directory)))
 *         .build();
 * }</pre>
 */
public final class ClusterSpec {

    private final ClusterName name;
    private final Plan plan;
    private final int taskSlots;
    private final @Nullable Checkpointing checkpoints;
    private final SortedMap<String, String> overrides;

    private ClusterSpec(Builder builder) {
        name = builder.name;
        plan = builder.plan;
        taskSlots = builder.taskSlots;
        checkpoints = builder.checkpoints;
        overrides = Collections.unmodifiableSortedMap(new TreeMap<>(builder.overrides));
    }

    /**
     * Begins a spec.
     *
     * @param name what the cluster is called, for ever: 1..63 characters {@code a-z}, {@code 0-9} and {@code -}
     * @return a builder with the defaults
     * @throws InvalidInputException if the name has another form
     */
    public static Builder named(String name) {
        return new Builder(new ClusterName(name));
    }

    /** Returns the cluster's name. */
    public ClusterName name() {
        return name;
    }

    /** Returns the size. */
    public Plan plan() {
        return plan;
    }

    /** Returns the slots of each TaskManager. */
    public int taskSlots() {
        return taskSlots;
    }

    /** Returns how state is saved; empty if jobs do not save any unless they ask for it. */
    public Optional<Checkpointing> checkpoints() {
        return Optional.ofNullable(checkpoints);
    }

    /** Returns the Flink keys that were overridden, ordered by key. */
    public SortedMap<String, String> overrides() {
        return overrides;
    }

    /** Returns a builder that begins with this spec. */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        builder.plan = plan;
        builder.taskSlots = taskSlots;
        builder.checkpoints = checkpoints;
        builder.overrides.putAll(overrides);
        return builder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterSpec that
                && name.equals(that.name)
                && plan.equals(that.plan)
                && taskSlots == that.taskSlots
                && Objects.equals(checkpoints, that.checkpoints)
                && overrides.equals(that.overrides);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, plan, taskSlots, checkpoints, overrides);
    }

    /** Returns name and plan; values of overrides are left out, because one may be a secret. */
    @Override
    public String toString() {
        return "ClusterSpec[" + name + ", " + plan.name() + ", " + taskSlots + " slots, overrides " + overrides.keySet()
                + "]";
    }

    /** Builds a spec; not thread-safe. */
    public static final class Builder {

        private static final int MOST_SLOTS = 1024;

        private final ClusterName name;
        private Plan plan = Plans.SINGLE_NODE_4GB;
        private int taskSlots = 1;
        private @Nullable Checkpointing checkpoints;
        private final Map<String, String> overrides = new TreeMap<>();

        private Builder(ClusterName name) {
            this.name = name;
        }

        /**
         * Sets the size.
         *
         * @param plan one of {@link Plans} or of one's own; {@link Plans#SINGLE_NODE_4GB} by default
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder plan(Plan plan) {
            this.plan = requireNonNull(plan, "plan");
            return this;
        }

        /**
         * Sets the slots of each TaskManager: how many parallel instances of jobs it runs side by side.
         *
         * @param taskSlots 1..1024; 1 by default, which isolates jobs from each other
         * @return this
         * @throws InvalidInputException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder taskSlots(int taskSlots) {
            if (taskSlots < 1 || taskSlots > MOST_SLOTS) {
                throw InvalidInputException.of(
                        "taskSlots", taskSlots, "1.." + MOST_SLOTS, "Use 1 to isolate jobs from each other.");
            }
            this.taskSlots = taskSlots;
            return this;
        }

        /**
         * Sets how state is saved.
         *
         * <p>Without it, jobs save state only if they enable checkpoints themselves, in a directory that ends with the
         * cluster: enough for tests, not for jobs whose state must outlive a process.
         *
         * @param checkpoints interval and location
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder checkpoints(Checkpointing checkpoints) {
            this.checkpoints = requireNonNull(checkpoints, "checkpoints");
            return this;
        }

        /**
         * Sets a Flink key that has no setting of its own here.
         *
         * @param option Flink's option
         * @param value its value
         * @param <T> its type
         * @return this
         */
        @CanIgnoreReturnValue
        public <T> Builder override(ConfigOption<T> option, T value) {
            return override(option.key(), LayeredConfiguration.textOf(option, value));
        }

        /**
         * Sets a Flink key that has no setting of its own here. {@link #build()} judges it.
         *
         * @param key Flink's key
         * @param value its value as Flink's configuration file would have it
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder override(String key, String value) {
            overrides.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Judges the whole and returns the spec.
         *
         * @throws InvalidSpecException with every finding: unknown keys, locked keys, values of the wrong type
         */
        public ClusterSpec build() {
            List<Finding> findings = overrides.entrySet().stream()
                    .flatMap(one -> KeyCatalogue.ofFlink().judge(one.getKey(), one.getValue()).stream())
                    .toList();
            if (!findings.isEmpty()) {
                throw new InvalidSpecException(name.value(), findings);
            }
            return new ClusterSpec(this);
        }
    }
}
