package io.flinkmanaged.change;

import com.google.common.collect.ImmutableSortedMap;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What applying a change did, beside what was predicted.
 *
 * @param change the change, with its prediction
 * @param restarts what ended and started again, as it was seen
 * @param epochBefore the epoch before; 0 if none ran
 * @param epochAfter the epoch now
 * @param jobs the jobs that ran before, each with where it is now
 * @param took from the beginning until every job ran again, or was no longer waited for
 */
public record ChangeReport(
        ClusterChange change,
        Restarts restarts,
        long epochBefore,
        long epochAfter,
        SortedMap<String, JobOutcome> jobs,
        Duration took) {

    /** Keeps a copy. */
    public ChangeReport {
        jobs = ImmutableSortedMap.copyOf(jobs);
    }

    /** Returns whether exactly that ended and started again which was predicted, and all jobs run. */
    public boolean isAsPredicted() {
        return restarts.equals(change.restarts()) && notRunning().isEmpty();
    }

    /** Returns the jobs that do not run yet; the supervisor goes on trying. */
    public SortedSet<String> notRunning() {
        SortedSet<String> names = new TreeSet<>();
        jobs.forEach((name, job) -> {
            if (!job.runs()) {
                names.add(name);
            }
        });
        return names;
    }

    /** Returns the report as text for people, without secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(change.spec().name() + ": " + change.disruption() + " applied in "
                + took.toMillis() + " ms, epoch " + epochBefore + " → " + epochAfter + "; restarted " + restarts);
        if (!restarts.equals(change.restarts())) {
            text.append("; predicted were ").append(change.restarts());
        }
        jobs.forEach(
                (name, job) -> text.append("\n  ").append(name).append(": ").append(job));
        return text.toString();
    }
}
