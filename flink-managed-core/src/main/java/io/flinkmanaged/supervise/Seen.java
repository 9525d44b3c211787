package io.flinkmanaged.supervise;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What was seen before, so that it is not told twice: as much as can be there to be seen at one time, and much more. What was
 * not seen for the longest is forgotten. Used by one thread at a time.
 */
final class Seen {

    static final int MOST = 1000;

    private final Set<String> latest = new LinkedHashSet<>();

    /** Sees something; returns whether it is new. */
    boolean add(String what) {
        boolean isNew = !latest.remove(what);
        latest.add(what);
        if (latest.size() > MOST) {
            latest.remove(latest.iterator().next());
        }
        return isNew;
    }

    int size() {
        return latest.size();
    }
}
