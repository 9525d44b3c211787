package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The time in which simulated clusters live, and the dice that decide how long things take. What lives in it is touched by one
 * thread at a time, which is the business of the time: see {@link #alone} and {@link #door}.
 */
abstract class SimulatedTime implements TimeSource {

    final TimeSource time;

    SimulatedTime(TimeSource time) {
        this.time = time;
    }

    /** Draws a duration. */
    abstract Duration between(Duration least, Duration most);

    /** Draws a number from 0 on. */
    abstract int oneOf(int count);

    /** Does something while nothing else happens in this time; a wait within lets others in. */
    abstract <T> T alone(Supplier<T> action);

    /**
     * Returns how others, on whatever thread, get at something that lives in this time.
     *
     * @param type an interface
     * @param inside what lives in this time
     */
    abstract <T> T door(Class<T> type, T inside);

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public long ticks() {
        return time.ticks();
    }

    @Override
    public Cancellable delay(Duration delay, Runnable task) {
        return time.delay(delay, task);
    }

    @Override
    public Executor blocking() {
        return time.blocking();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        return time.await(future, atMost);
    }

    @Override
    public String newId() {
        return time.newId();
    }
}
