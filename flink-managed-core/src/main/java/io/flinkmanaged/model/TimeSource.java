package io.flinkmanaged.model;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    /**
     * Waits until a future is done, well or not, or a time has passed. Blocks the calling thread, which must not be the
     * time source's own.
     *
     * <p>A thread that waits in another way waits by the machine's clock, whatever this time source says.
     *
     * @param future what to wait for; its result, or its failure, is for whoever asks it
     * @param atMost how long to wait; any duration, 292 years and more are for ever
     * @return whether it is done
     * @throws InterruptedException if the calling thread is interrupted, or the time source ends while it waits
     */
    default boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        try {
            Object unused = future.get(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | CancellationException e) {
            return true;
        } catch (TimeoutException e) {
            return future.isDone();
        }
    }

    /** Returns a text that no other call, in this or another process, returns. */
    String newId();

    /** A task that can be called off. */
    @FunctionalInterface
    interface Cancellable {

        /** Calls the task off if it has not begun; otherwise does nothing. */
        void cancel();
    }
}
