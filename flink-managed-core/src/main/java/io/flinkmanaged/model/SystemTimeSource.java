package io.flinkmanaged.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time and threads of this machine: the one place in the library with a clock, a timer or a random number.
 *
 * <p>It owns one timer thread and at most {@value #MAX_WORKERS} workers, all daemons, started on demand and ended by
 * {@link #close()}.
 */
public final class SystemTimeSource implements TimeSource, AutoCloseable {

    /** The most threads that work which blocks may take. */
    public static final int MAX_WORKERS = 12;

    /** Not before it is needed: the first logger of a JVM costs a third of a second, and this is the first class. */
    private static final class Log {
        static final Logger LOG = LoggerFactory.getLogger(SystemTimeSource.class);
    }

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor workers;

    /** Creates a time source with threads of its own; the creator closes it. */
    public SystemTimeSource() {
        this(InstantSource.system());
    }

    /**
     * Creates a time source with threads of its own, and another time of day; the creator closes it.
     *
     * @param clock asked by {@link #now()}, and by nothing else
     */
    public SystemTimeSource(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
        timer = new ScheduledThreadPoolExecutor(1, named("flink-managed-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(30, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        workers = new ThreadPoolExecutor(
                MAX_WORKERS,
                MAX_WORKERS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named("flink-managed-worker"));
        workers.allowCoreThreadTimeOut(true);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long ticks() {
        return System.nanoTime();
    }

    @Override
    public Cancellable delay(Duration delay, Runnable task) {
        Future<?> scheduled = timer.schedule(() -> runLogged(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public Executor blocking() {
        return workers;
    }

    @Override
    public String newId() {
        return UUID.randomUUID().toString();
    }

    /** Ends the threads: no further task begins; those running are given ten seconds, then interrupted. */
    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdown();
        awaitEnd(workers);
        awaitEnd(timer);
    }

    private static void awaitEnd(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(CLOSE_BOUND.toNanos(), TimeUnit.NANOSECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            Log.LOG.error("A timed task failed.", e);
        }
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
