package io.flinkmanaged.internal;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Another time, whose time of day somebody sets. */
public final class SetClock extends ForwardingTime {

    private Duration offset = Duration.ZERO;

    /** Agrees with another one, so far. */
    public SetClock(TimeSource time) {
        super(time);
    }

    /** Sets the time of day, to later or, if negative, earlier. */
    public void setBy(Duration jump) {
        offset = offset.plus(jump);
    }

    @Override
    public Instant now() {
        return super.now().plus(offset);
    }
}
