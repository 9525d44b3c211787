package io.flinkmanaged.benchmarks;

import java.util.Locale;

/**
 * What a figure is held against.
 *
 * @param limit the limit itself is within the bound
 * @param upper whether the figure must not be above the limit; else it must not be below
 * @param suffix what the limit counts
 */
record Bound(double limit, boolean upper, String suffix) {

    /** A ratio of ours to a peer's that must not be above a limit. */
    static Bound atMost(double limit) {
        return new Bound(limit, true, "");
    }

    /** A ratio of ours to a peer's that must not be below a limit. */
    static Bound atLeast(double limit) {
        return new Bound(limit, false, "");
    }

    boolean isMetBy(double figure) {
        return upper ? figure <= limit : figure >= limit;
    }

    @Override
    public String toString() {
        return (upper ? "≤ " : "≥ ") + String.format(Locale.ROOT, "%.2f", limit) + suffix;
    }
}
