package io.flinkmanaged.internal;

import java.time.Duration;

/**
 * How long to wait after failures: a first pause, doubled with every further failure, up to a longest one.
 *
 * @param first after one failure
 * @param longest never longer than this
 */
public record BackOff(Duration first, Duration longest) {

    /** 100 ms up to 20 s: 28 failures in a row take about seven minutes, so an outage of minutes is survived. */
    public static final BackOff STANDARD = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(20));

    private static final int MOST_DOUBLINGS = 20;

    /**
     * Returns the pause after some failures in a row.
     *
     * @param failures how many; after none there is no pause
     */
    public Duration after(int failures) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
