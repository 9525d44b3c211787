package io.flinkmanaged.change;

import com.google.common.collect.ImmutableSortedMap;
import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What putting another spec in force would do to a cluster: a dry run, as a value. Nothing is changed until it is applied.
 *
 * @param basis the world that it is about
 * @param spec the spec wanted
 * @param differences each thing that would be different, with what it takes; empty if the specs are equal
 * @param refusals why it cannot be applied at all, each with the way out; empty if it can
 * @param toAcknowledge what a person must say he knows, each as a sentence
 * @param advice what is good to know, or would be better
 */
public record ClusterChange(
        Basis basis,
        ClusterSpec spec,
        List<Difference> differences,
        List<Finding> refusals,
        SortedMap<Acknowledgement, String> toAcknowledge,
        List<String> advice) {

    /** Keeps copies. */
    public ClusterChange {
        differences = List.copyOf(differences);
        refusals = List.copyOf(refusals);
        toAcknowledge = ImmutableSortedMap.copyOf(toAcknowledge);
        advice = List.copyOf(advice);
    }

    /**
     * Works a change out; pure.
     *
     * @param basis the world as it is
     * @param spec the spec wanted
     * @param launcher what runs the cluster
     * @param rendering the configuration that the cluster has with a spec
     */
    public static ClusterChange of(
            Basis basis,
            ClusterSpec spec,
            ClusterLauncher launcher,
            Function<ClusterSpec, LayeredConfiguration> rendering) {
        List<Difference> differences = Differences.between(basis.spec(), spec, launcher, rendering);
        Judgement judgement = new Judgement(basis, spec, differences, launcher);
        return new ClusterChange(
                basis, spec, differences, judgement.refusals(), judgement.toAcknowledge(), judgement.advice());
    }

    /** Returns whether the specs are equal. */
    public boolean isEmpty() {
        return differences.isEmpty();
    }

    /** Returns what it does to what runs: the strongest of its differences. */
    public Disruption disruption() {
        return Differences.disruptionOf(differences);
    }

    /** Returns how the state of running jobs gets over it: the hardest of its differences. */
    public StateCarriage state() {
        return Differences.carriageOf(differences);
    }

    /** Returns the running jobs that are submitted again as another attempt, or restarted by Flink. */
    public Set<String> jobs() {
        return disruption().compareTo(Disruption.JOBS) < 0
                ? Set.of()
                : basis.jobs().keySet();
    }

    /** Returns the nodes whose processes end. */
    public List<NodeId> nodes() {
        return disruption().compareTo(Disruption.ROLLING) < 0
                ? List.of()
                : IntStream.rangeClosed(1, basis.spec().plan().nodes())
                        .mapToObj(NodeId::new)
                        .toList();
    }

    /** Returns what ends and starts again, to be compared with what did. */
    public Restarts restarts() {
        boolean runs = basis.epoch().isPresent();
        int jobManagers = runs && disruption().compareTo(Disruption.RESTART) >= 0 ? 1 : 0;
        return new Restarts(jobManagers, runs ? nodes().size() : 0, new TreeSet<>(jobs()));
    }

    /** Returns the change as text for people, without secrets. */
    @Override
    public String toString() {
        String name = spec.name().value();
        if (isEmpty()) {
            return "cluster " + name + ": nothing changes";
        }
        StringBuilder text = new StringBuilder("cluster " + name + ": " + disruption() + ", state by " + state());
        text.append(Differences.lines(differences));
        refusals.forEach(refusal -> text.append("\n  refused: ").append(refusal));
        if (!nodes().isEmpty()) {
            text.append("\n  touches nodes ").append(nodes());
        }
        if (!jobs().isEmpty()) {
            text.append("\n  restarts jobs ").append(jobs());
        }
        toAcknowledge.forEach((what, why) ->
                text.append("\n  acknowledge ").append(what).append(": ").append(why));
        advice.forEach(line -> text.append("\n  note: ").append(line));
        return text.toString();
    }
}
