package io.flinkmanaged.cluster;

import com.google.common.collect.ImmutableSortedSet;
import java.util.Set;

/**
 * The jobs of a cluster that should run in its epoch and do not, by name.
 *
 * @param due those to be continued now
 * @param waiting those of which the last try failed a short while ago: they become due by and by
 * @param givenUp those that could not be continued, and will not be until they are submitted anew
 */
public record LostJobs(Set<String> due, Set<String> waiting, Set<String> givenUp) {

    /** All that is wanted runs. */
    public static final LostJobs NONE = new LostJobs(Set.of(), Set.of(), Set.of());

    /** Keeps copies, in the order of the names. */
    public LostJobs {
        due = ImmutableSortedSet.copyOf(due);
        waiting = ImmutableSortedSet.copyOf(waiting);
        givenUp = ImmutableSortedSet.copyOf(givenUp);
    }
}
