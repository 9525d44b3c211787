package io.flinkmanaged.supervise;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * A moment, from which on something lasts: by the time of day for people and records, and by ticks for how long it lasts, because
 * the time of day may jump meanwhile.
 *
 * @param at the time of day then
 * @param ticks the ticks then
 */
record Since(Instant at, long ticks) {

    static Since now(TimeSource time) {
        return new Since(time.now(), time.ticks());
    }

    /** Returns a moment that somebody else noted by the same clock, a little while ago. */
    static Since of(Instant at, TimeSource time) {
        Duration ago = Duration.between(at, time.now());
        return new Since(at, time.ticks() - (ago.isNegative() ? 0 : ago.toNanos()));
    }

    boolean isAfter(Since other) {
        return ticks - other.ticks > 0;
    }

    Duration lasts(TimeSource time) {
        return Duration.ofNanos(time.ticks() - ticks);
    }
}
