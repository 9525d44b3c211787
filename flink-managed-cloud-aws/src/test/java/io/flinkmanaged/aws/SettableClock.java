package io.flinkmanaged.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The machine's clock as the library sees it, until a test sets it. Thread-safe. */
final class SettableClock implements InstantSource {

    private volatile Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
        return at(Instant.now());
    }

    /** Returns what it says at a moment of the machine's clock. */
    Instant at(Instant moment) {
        return moment.plus(offset);
    }

    /** Sets it ahead of the machine's clock, or back, if negative. */
    void setAhead(Duration ahead) {
        offset = ahead;
    }
}
