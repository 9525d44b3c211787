package io.flinkmanaged.change;

import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StorageLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is to be said about a change besides its differences; pure. */
final class Judgement {

    private final Basis basis;
    private final ClusterSpec from;
    private final ClusterSpec to;
    private final Disruption disruption;
    private final ClusterLauncher launcher;

    Judgement(Basis basis, ClusterSpec to, List<Difference> differences, ClusterLauncher launcher) {
        this.basis = basis;
        this.from = basis.spec();
        this.to = to;
        this.disruption = Differences.disruptionOf(differences);
        this.launcher = launcher;
    }

    /** Says what cannot be done to a cluster that exists. */
    List<Finding> refusals() {
        List<Finding> refusals = new ArrayList<>();
        if (!from.name().equals(to.name())) {
            refusals.add(new Finding(
                    "name",
                    to.name().value(),
                    from.name() + ", for ever",
                    "A cluster is its name. Launch another cluster, and submit each job there with "
                            + "StartingPoint.at(…) a savepoint of it here."));
        }
        if (!locationOf(from).equals(locationOf(to))) {
            refusals.add(new Finding(
                    "checkpoints location",
                    text(locationOf(to)),
                    text(locationOf(from)) + ", with the same options",
                    "The state, attempts and plans of the jobs lie there, and nothing moves them. Stop each job with a "
                            + "savepoint, launch a cluster of another name with the other location, and submit each "
                            + "program there with StartingPoint.at(…) its savepoint."));
        }
        return refusals;
    }

    /** Says what costs more than a restart of jobs. */
    SortedMap<Acknowledgement, String> toAcknowledge() {
        Map<Acknowledgement, String> needed = new EnumMap<>(Acknowledgement.class);
        if (disruption.compareTo(Disruption.RESTART) >= 0) {
            needed.put(
                    Acknowledgement.DOWNTIME,
                    "every process ends and starts again; until then the cluster does not answer and no job of it runs");
            if (!basis.unmanaged().isEmpty()) {
                needed.put(
                        Acknowledgement.UNMANAGED_JOBS_LOST,
                        "a new epoch does not continue jobs that were submitted past this library: "
                                + basis.unmanaged());
            }
        }
        int slots = to.plan().nodes() * to.taskSlots();
        if (basis.slots() > slots && slots < from.plan().nodes() * from.taskSlots()) {
            needed.put(
                    Acknowledgement.TOO_FEW_SLOTS,
                    "the running jobs need " + basis.slots() + " slots, and there will be " + slots);
        }
        if (to.plan().nodeMemory().compareTo(from.plan().nodeMemory()) < 0) {
            needed.put(
                    Acknowledgement.LESS_MEMORY,
                    "a node shrinks from " + from.plan().nodeMemory().toHumanReadableString() + " to "
                            + to.plan().nodeMemory().toHumanReadableString()
                            + "; state on the heap must fit into less");
        }
        return new TreeMap<>(needed);
    }

    /** Says what is good to know. */
    List<String> advice() {
        List<String> advice = new ArrayList<>();
        upBeforeOut().ifPresent(advice::add);
        if (to.plan().nodes() < from.plan().nodes()) {
            advice.add("afterwards the cluster " + to.plan().survives());
        }
        if (from.taskSlots() != to.taskSlots() && disruption.compareTo(Disruption.RESTART) >= 0) {
            advice.add("another number of task slots restarts every job of the cluster");
        }
        List<Finding> former = launcher.unkept(from);
        launcher.unkept(to).stream()
                .filter(finding -> !former.contains(finding))
                .map(Finding::toString)
                .forEach(advice::add);
        return advice;
    }

    /** One larger node keeps the exchange between tasks inside a process; more nodes are for surviving the loss of one. */
    private Optional<String> upBeforeOut() {
        if (to.plan().nodes() <= from.plan().nodes()
                || to.plan().nodeMemory().compareTo(from.plan().nodeMemory()) > 0) {
            return Optional.empty();
        }
        return Plans.all().stream()
                .filter(plan -> plan.nodes() == from.plan().nodes())
                .filter(plan -> plan.nodeMemory().compareTo(from.plan().nodeMemory()) > 0)
                .min(Comparator.comparing(Plan::nodeMemory))
                .map(plan -> "if it is for speed, go up before out: " + plan.name()
                        + " keeps the exchange between tasks inside one process; more nodes are for surviving the loss "
                        + "of one");
    }

    static Optional<StorageLocation> locationOf(ClusterSpec spec) {
        return spec.checkpoints().map(Checkpointing::location);
    }

    static String text(Optional<StorageLocation> location) {
        return location.map(place -> place.uri()
                        + (place.options().isEmpty()
                                ? ""
                                : " with options " + place.options().keySet()))
                .orElse("none");
    }
}
