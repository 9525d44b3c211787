package io.flinkmanaged.model;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * Everything of time and threads that this library takes from outside, so that a test can run weeks in milliseconds.
 *
 * <p>All methods may be called from any thread.
 */
public interface TimeSource {

    /** Returns the time of day, for people and records; it may jump. Decisions use {@link #ticks()}. */
    Instant now();

    /** Returns nanoseconds since an arbitrary origin; never goes back. */
    long ticks();

    /**
     * Runs a task once, after a delay, on the time source's own thread: the task must not block.
     *
     * @param delay how long to wait; zero or negative means as soon as possible
     * @param task what to run; what it throws is logged
     * @return cancels the task if it has not begun
     */
    Cancellable delay(Duration delay, Runnable task);

    /** Returns the pool for work that blocks. It is bounded in threads, not in waiting tasks. */
    Executor blocking();

    /** Returns a text that no other call, in this or another process, returns. */
    String newId();

    /** A task that can be called off. */
    @FunctionalInterface
    interface Cancellable {

        /** Calls the task off if it has not begun; otherwise does nothing. */
        void cancel();
    }
}
