package io.flinkmanaged.change;

import com.google.common.collect.ImmutableSortedSet;
import java.util.SortedSet;

/**
 * What ended and started again, or will.
 *
 * @param jobManagers how many JobManagers ended
 * @param taskManagers how many TaskManagers ended
 * @param jobs the jobs that another attempt continues
 */
public record Restarts(int jobManagers, int taskManagers, SortedSet<String> jobs) {

    /** Keeps a copy. */
    public Restarts {
        jobs = ImmutableSortedSet.copyOf(jobs);
    }

    /** Returns it as a phrase for people. */
    @Override
    public String toString() {
        return jobManagers + " JobManagers, " + taskManagers + " TaskManagers, jobs " + jobs;
    }
}
