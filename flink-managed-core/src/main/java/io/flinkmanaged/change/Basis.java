package io.flinkmanaged.change;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.RunningEpoch;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;

/**
 * The world that a preview is about: a change is applied only while it is still the same.
 *
 * @param spec the spec in force
 * @param epoch the epoch that runs; empty if none does
 * @param jobs the running jobs of this library, each with its attempt
 * @param unmanaged the names of running jobs that were submitted past it
 * @param slots how many slots the running jobs need, as far as that is known
 */
public record Basis(
        ClusterSpec spec,
        Optional<Epoch> epoch,
        SortedMap<String, String> jobs,
        SortedSet<String> unmanaged,
        int slots) {

    /** Keeps copies. */
    public Basis {
        jobs = ImmutableSortedMap.copyOf(jobs);
        unmanaged = ImmutableSortedSet.copyOf(unmanaged);
    }

    /**
     * Looks at a cluster; blocks for a bounded time.
     *
     * @param cluster the cluster
     */
    public static Basis of(Cluster cluster) {
        SortedMap<String, String> jobs = new TreeMap<>();
        int slots = 0;
        for (ClusterJob job : running(cluster)) {
            jobs.put(
                    job.name().value(),
                    job.attempt().map(attempt -> attempt.id().toString()).orElse("none yet"));
            slots += job.slots();
        }
        return new Basis(cluster.spec(), cluster.current().map(RunningEpoch::epoch), jobs, unmanaged(cluster), slots);
    }

    /** Returns the jobs that have not ended. */
    static List<ClusterJob> running(Cluster cluster) {
        return cluster.jobs().all().stream().filter(job -> !job.hasEnded()).toList();
    }

    /** Says in what the world differs from another; empty if it does not. */
    Optional<String> differenceFrom(Basis now) {
        Map<String, String> differences = new TreeMap<>();
        compare(differences, "its epoch", text(epoch), text(now.epoch));
        compare(differences, "its jobs", jobs.toString(), now.jobs.toString());
        compare(differences, "jobs submitted past this library", unmanaged.toString(), now.unmanaged.toString());
        if (!spec.equals(now.spec)) {
            differences.put("its spec", "another one is in force");
        }
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(differences.entrySet().stream()
                        .map(one -> one.getKey() + ": " + one.getValue())
                        .collect(Collectors.joining("; ")));
    }

    private static void compare(Map<String, String> differences, String what, String was, String is) {
        if (!was.equals(is)) {
            differences.put(what, "was " + was + ", is " + is);
        }
    }

    private static String text(Optional<Epoch> epoch) {
        return epoch.map(Epoch::toString).orElse("none");
    }

    private static SortedSet<String> unmanaged(Cluster cluster) {
        Set<JobID> ours = cluster.jobs().all().stream()
                .flatMap(job -> job.attempt().stream())
                .map(JobAttempt::jobId)
                .collect(Collectors.toSet());
        return cluster.observe().jobs().stream()
                .filter(job -> !job.status().isGloballyTerminalState() && !ours.contains(job.jobId()))
                .map(JobObservation::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
