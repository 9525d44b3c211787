package io.flinkmanaged.internal;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * Time that a test moves by hand, and a pool whose tasks run when the test says so: everything on the test's thread, in
 * an order that is always the same.
 */
public final class ManualTime implements TimeSource {

    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Timed> timed =
            new PriorityQueue<>(Comparator.comparingLong(Timed::dueTicks).thenComparingLong(Timed::number));
    private final Deque<Runnable> blocking = new ArrayDeque<>();
    private long ticks;
    private long count;

    @Override
    public Instant now() {
        return ORIGIN.plusNanos(ticks);
    }

    @Override
    public long ticks() {
        return ticks;
    }

    @Override
    public Cancellable delay(Duration delay, Runnable task) {
        Timed entry = new Timed(ticks + Math.max(0, delay.toNanos()), count++, task);
        timed.add(entry);
        return () -> timed.remove(entry);
    }

    @Override
    public Executor blocking() {
        return blocking::add;
    }

    @Override
    public String newId() {
        return UUID.randomUUID().toString();
    }

    /** Runs every task of the pool, and those that these add, until none is left. */
    public void runBlocking() {
        while (!blocking.isEmpty()) {
            blocking.remove().run();
        }
    }

    /** Lets time pass: timed tasks run when they are due, tasks of the pool at once. */
    public void pass(Duration duration) {
        long until = ticks + duration.toNanos();
        runBlocking();
        while (!timed.isEmpty() && timed.element().dueTicks() <= until) {
            Timed next = timed.remove();
            ticks = Math.max(ticks, next.dueTicks());
            next.task().run();
            runBlocking();
        }
        ticks = until;
    }

    /** Returns how many timed tasks wait. */
    public int waiting() {
        return timed.size();
    }

    private record Timed(long dueTicks, long number, Runnable task) {}
}
