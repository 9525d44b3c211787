package io.flinkmanaged.spec;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Overrides;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    private final StateBackend stateBackend;
    private final @Nullable Integer defaultParallelism;
    private final @Nullable RestartStrategy restartStrategy;
    private final @Nullable Checkpointing checkpoints;
    private final Overrides overrides;

    private ClusterSpec(Builder builder) {
        name = builder.name;
        plan = builder.plan;
        taskSlots = builder.taskSlots;
        stateBackend = builder.stateBackend;
        defaultParallelism = builder.defaultParallelism;
        restartStrategy = builder.restartStrategy;
        checkpoints = builder.checkpoints;
        overrides = Overrides.of(builder.overrides);
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

    /**
     * Reads a spec from YAML, as {@link #toYaml()} writes it. What is left out has the same default as in the builder; a plan
     * of the catalogue is called by its name.
     *
     * <pre>{@code
     * name: flights
     * plan: single-node-4gb
     * task-slots: 2
     * state-backend: rocksdb
     * checkpoints:
     *   interval: 10 s
     *   location: file:///data/flink
     * overrides:
     *   heartbeat.timeout: 30 s
     * }</pre>
     *
     * @param text YAML 1.2
     * @throws InvalidInputException if it is no YAML, with the line; if it is of a newer format; else an {@link
     *     InvalidSpecException} with every finding
     */
    public static ClusterSpec fromYaml(String text) {
        return SpecReader.ofPeople(text);
    }

    /**
     * Returns the spec as YAML: {@code fromYaml(toYaml())} equals it. Values of overrides are written as they are, secrets
     * among them.
     */
    public String toYaml() {
        return SpecYaml.writeForPeople(this);
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

    /** Returns the slots of the whole cluster: those of a TaskManager for each node. */
    public int slotsOfCluster() {
        return Math.multiplyExact(taskSlots, plan.nodes());
    }

    /** Returns where jobs keep the state that they work on. */
    public StateBackend stateBackend() {
        return stateBackend;
    }

    /** Returns the parallelism of jobs that name none; empty if it is Flink's 1. */
    public Optional<Integer> defaultParallelism() {
        return Optional.ofNullable(defaultParallelism);
    }

    /** Returns when jobs are restarted and given up: what was chosen, or figures that follow the slots. */
    public RestartStrategy restartStrategy() {
        return restartStrategy == null ? RestartStrategy.forSlots(slotsOfCluster()) : restartStrategy;
    }

    /** Returns the restart strategy that was chosen; empty if it follows the slots. */
    public Optional<RestartStrategy> chosenRestartStrategy() {
        return Optional.ofNullable(restartStrategy);
    }

    /** Returns how state is saved; empty if jobs do not save any unless they ask for it. */
    public Optional<Checkpointing> checkpoints() {
        return Optional.ofNullable(checkpoints);
    }

    /** Returns the Flink keys that were overridden, by their present names, in order. */
    public SortedMap<String, String> overrides() {
        return overrides.values();
    }

    /**
     * Returns what is worth knowing of this spec before it is launched: former names of keys, locks that only a policy can
     * open, settings that will be regretted.
     *
     * @return advice; none of it stops a launch by itself
     */
    public List<Finding> findings() {
        return Stream.concat(overrides.findings().stream(), ClusterAdvice.of(this).stream())
                .toList();
    }

    /**
     * Judges this spec under the policies of whoever launches it.
     *
     * @param policies what they grant, forbid and bound
     * @return errors and advice
     */
    public List<Finding> findings(Policies policies) {
        return Stream.concat(overrides.findings(policies).stream(), ClusterAdvice.of(this).stream())
                .toList();
    }

    /** Returns a builder that begins with this spec. */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        builder.plan = plan;
        builder.taskSlots = taskSlots;
        builder.stateBackend = stateBackend;
        builder.defaultParallelism = defaultParallelism;
        builder.restartStrategy = restartStrategy;
        builder.checkpoints = checkpoints;
        builder.overrides.putAll(overrides.written());
        return builder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterSpec that
                && name.equals(that.name)
                && plan.equals(that.plan)
                && taskSlots == that.taskSlots
                && stateBackend == that.stateBackend
                && Objects.equals(defaultParallelism, that.defaultParallelism)
                && Objects.equals(restartStrategy, that.restartStrategy)
                && Objects.equals(checkpoints, that.checkpoints)
                && overrides.equals(that.overrides);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                name, plan, taskSlots, stateBackend, defaultParallelism, restartStrategy, checkpoints, overrides);
    }

    /** Returns name and plan; values of overrides are left out, because one may be a secret. */
    @Override
    public String toString() {
        return "ClusterSpec[" + name + ", " + plan.name() + ", " + taskSlots + " slots, overrides " + overrides + "]";
    }

    /** Builds a spec; not thread-safe. */
    public static final class Builder {

        private static final int MOST_SLOTS = 1024;
        // Flink: Transformation.UPPER_BOUND_MAX_PARALLELISM.
        private static final int MOST_PARALLEL = 1 << 15;

        private final ClusterName name;
        private Plan plan = Plans.SINGLE_NODE_4GB;
        private int taskSlots = 1;
        private StateBackend stateBackend = StateBackend.HASHMAP;
        private @Nullable Integer defaultParallelism;
        private @Nullable RestartStrategy restartStrategy;
        private @Nullable Checkpointing checkpoints;
        private final Map<String, String> overrides = new TreeMap<>();

        private Builder(ClusterName name) {
            this.name = name;
        }

        ClusterName name() {
            return name;
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
         * Sets where jobs keep the state that they work on. A node's memory is divided accordingly.
         *
         * @param stateBackend {@link StateBackend#HASHMAP} by default
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder stateBackend(StateBackend stateBackend) {
            this.stateBackend = requireNonNull(stateBackend, "stateBackend");
            return this;
        }

        /**
         * Sets the parallelism of jobs that name none.
         *
         * @param defaultParallelism 1..32768; Flink's 1 by default
         * @return this
         * @throws InvalidInputException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder defaultParallelism(int defaultParallelism) {
            if (defaultParallelism < 1 || defaultParallelism > MOST_PARALLEL) {
                throw InvalidInputException.of(
                        "defaultParallelism",
                        defaultParallelism,
                        "1.." + MOST_PARALLEL,
                        "Use no more than the cluster has slots, or jobs that name none wait for ever.");
            }
            this.defaultParallelism = defaultParallelism;
            return this;
        }

        /**
         * Sets when jobs are restarted and given up.
         *
         * @param restartStrategy {@link RestartStrategy#forSlots} by default, with the slots of the whole cluster
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder restartStrategy(RestartStrategy restartStrategy) {
            this.restartStrategy = requireNonNull(restartStrategy, "restartStrategy");
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
         * @throws InvalidSpecException with every finding: unknown keys, keys that no policy can grant, values of the wrong type
         *     or out of bounds, secrets that are not references. Advice is in {@link ClusterSpec#findings()}
         */
        public ClusterSpec build() {
            List<Finding> findings = new ArrayList<>(Overrides.of(overrides).findings());
            findings.removeIf(finding -> !finding.isError());
            if (checkpoints != null) {
                findings.addAll(SecretOptions.judge(checkpoints.location()));
            }
            if (!findings.isEmpty()) {
                throw new InvalidSpecException(name.value(), findings);
            }
            return new ClusterSpec(this);
        }
    }
}
