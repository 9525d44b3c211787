package io.flinkmanaged.testkit.simulation;

import java.time.Duration;
import java.util.function.Supplier;

/** A virtual time, in which only one thread has the turn anyway. */
final class InVirtualTime extends SimulatedTime {

    private final VirtualTime virtual;

    InVirtualTime(VirtualTime virtual) {
        super(virtual);
        this.virtual = virtual;
    }

    @Override
    Duration between(Duration least, Duration most) {
        return virtual.between(least, most);
    }

    @Override
    int oneOf(int count) {
        return virtual.oneOf(count);
    }

    @Override
    <T> T alone(Supplier<T> action) {
        return action.get();
    }

    @Override
    <T> T door(Class<T> type, T inside) {
        return inside;
    }
}
