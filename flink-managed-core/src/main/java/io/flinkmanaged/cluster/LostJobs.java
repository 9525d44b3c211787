package io.flinkmanaged.cluster;

import com.google.common.collect.ImmutableSortedSet;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The jobs of a cluster that do not run in its epoch though nobody ended them, by name.
 *
 * @param due those to be continued now
 * @param waiting those of which the last try failed a short while ago: they become due by and by
 * @param givenUp those that could not be continued, and will not be until they are submitted anew
 * @param quarantined those that were ended because they failed again and again, each with the reason
 */
public record LostJobs(
        Set<String> due, Set<String> waiting, Set<String> givenUp, SortedMap<String, String> quarantined) {

    /** All that is wanted runs. */
    public static final LostJobs NONE = new LostJobs(Set.of(), Set.of(), Set.of());

    /** Keeps copies, in the order of the names. */
    public LostJobs {
        due = ImmutableSortedSet.copyOf(due);
        waiting = ImmutableSortedSet.copyOf(waiting);
        givenUp = ImmutableSortedSet.copyOf(givenUp);
        quarantined = Collections.unmodifiableSortedMap(new TreeMap<>(quarantined));
    }

    /**
     * Makes one without jobs in quarantine.
     *
     * @param due those to be continued now
     * @param waiting those that become due by and by
     * @param givenUp those that could not be continued
     */
    public LostJobs(Set<String> due, Set<String> waiting, Set<String> givenUp) {
        this(due, waiting, givenUp, Collections.emptySortedMap());
    }

    LostJobs with(SortedMap<String, String> inQuarantine) {
        return new LostJobs(due, waiting, givenUp, inQuarantine);
    }
}
