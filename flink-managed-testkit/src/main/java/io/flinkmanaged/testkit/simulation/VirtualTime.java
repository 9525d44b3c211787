package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.testkit.simulation.Schedule.Step;
import io.flinkmanaged.testkit.simulation.Schedule.Timed;
import io.flinkmanaged.testkit.simulation.Schedule.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only while somebody waits, as fast as what happens in it can be computed, and in the same order for the
 * same seed: who waits runs what is due, one thing after the other.
 *
 * <pre>{@code
 * try (VirtualTime time = VirtualTime.seeded(42)) {
 *     TimeSource.Cancellable unused = time.delay(Duration.ofDays(7), () -> …);
 *     time.pass(Duration.ofDays(8));
 * }
 * }</pre>
 *
 * <p>Everything is on one schedule: {@link #delay}, the pool of {@link #blocking()}, the ends of waits. One thread at a time
 * has the turn. It is the one that waits, mostly; only for work that may wait while another waits there are threads, at
 * most {@value #WORKERS} as in the {@link SystemTimeSource}, and the turn is handed from one to the other. How late a
 * timer fires and work of the pool begins is drawn from the seed, so that seeds differ in the order of what happens at once.
 *
 * <p>What it holds whoever uses it to: a timed task that waits fails. And what waits in another way than by {@link #await}
 * for something that happens in this time never ends.
 *
 * <p>Meant for one thread outside, which does things between its waits; further ones take turns. {@link #close()} ends the
 * threads: who waits then is interrupted.
 */
public final class VirtualTime implements TimeSource, AutoCloseable {

    static final int WORKERS = 12;

    private static final Instant ORIGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final long TIMER_LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long POOL_LATE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final AtomicLong INSTANCES = new AtomicLong();

    private final Schedule schedule = new Schedule();
    private final Random chance;
    private final String ids;
    private final AtomicLong idCount = new AtomicLong();
    private final Deque<Work> waitingWork = new ArrayDeque<>();
    private final Deque<Carrier> idle = new ArrayDeque<>();
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final ReentrantLock outside = new ReentrantLock();
    private final Semaphore ended = new Semaphore(0);
    private final List<Throwable> failures = new ArrayList<>();
    private int working;
    private int carriers;
    private boolean inTimedTask;
    private volatile Duration clockOffset = Duration.ZERO;
    private volatile @Nullable Thread turn;
    private volatile boolean closed;

    private VirtualTime(long seed) {
        this.chance = new Random(seed);
        // Ids say who did something in a storage, so no two times may share them, also those of one seed.
        this.ids = Prefix.OF_THIS_JVM + "-" + INSTANCES.incrementAndGet() + "-";
    }

    /**
     * Begins a time.
     *
     * @param seed decides the order of what happens at once, and everything else that is drawn
     * @return the time; the caller closes it
     */
    public static VirtualTime seeded(long seed) {
        return new VirtualTime(seed);
    }

    @Override
    public Instant now() {
        return ORIGIN.plusNanos(schedule.ticks()).plus(clockOffset);
    }

    @Override
    public long ticks() {
        return schedule.ticks();
    }

    @Override
    public Cancellable delay(Duration delay, Runnable task) {
        requireOpen();
        return schedule.add(TimeUnit.NANOSECONDS.convert(delay) + draw(TIMER_LATE_NANOS), new Timed(task));
    }

    @Override
    public Executor blocking() {
        return task -> {
            requireOpen();
            Cancellable unused = schedule.add(draw(POOL_LATE_NANOS), new Work(task));
        };
    }

    /** Returns an executor as a loop has one: tasks run one after the other in the order in which they came; none may block. */
    public Executor loop() {
        return task -> {
            // As with a loop that was shut down: what comes late is dropped.
            if (!closed) {
                Cancellable unused = schedule.add(0, new Timed(task));
            }
        };
    }

    /** Returns a text that no other call returns, whatever the seed. It tells nothing, so no decision follows from it. */
    @Override
    public String newId() {
        return ids + idCount.incrementAndGet();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        if (future.isDone()) {
            return true;
        }
        if (Thread.currentThread() == turn) {
            return awaitInTurn(future, atMost);
        }
        outside.lock();
        try {
            turn = Thread.currentThread();
            return awaitInTurn(future, atMost);
        } finally {
            turn = null;
            outside.unlock();
            throwFailures();
        }
    }

    /**
     * Lets time pass; not in a timed task.
     *
     * @param duration how much
     * @throws InterruptedException if the time ends meanwhile
     */
    public void pass(Duration duration) throws InterruptedException {
        boolean unused = await(new CompletableFuture<>(), duration);
    }

    /**
     * Sets the clock, as an operator or a time server does: {@link #now()} jumps, {@link #ticks()} does not.
     *
     * @param offset how much later it is from now on; earlier, if negative
     */
    public void setClock(Duration offset) {
        clockOffset = clockOffset.plus(offset);
    }

    /** Draws a duration; the same ones, in order, for the same seed. */
    Duration between(Duration least, Duration most) {
        return least.plusNanos(draw(Math.max(1, most.minus(least).toNanos())));
    }

    /** Draws yes, so often in a hundred times. */
    boolean happens(int percent) {
        synchronized (chance) {
            return chance.nextInt(100) < percent;
        }
    }

    /** Draws a number from 0 on. */
    int oneOf(int count) {
        return (int) draw(count);
    }

    private long draw(long below) {
        synchronized (chance) {
            return chance.nextLong(below);
        }
    }

    private boolean awaitInTurn(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        if (inTimedTask) {
            throw new IllegalStateException("A timed task waits (expected: it never blocks). Run it on blocking().");
        }
        requireGoingOn();
        Turn mine = new Turn();
        waiting.add(mine);
        CompletableFuture<Void> unusedWake = future.handle((result, failure) -> {
            if (mine.becomesDue()) {
                Cancellable unused = schedule.add(0, mine);
            }
            return null;
        });
        Cancellable limit = schedule.add(TimeUnit.NANOSECONDS.convert(atMost), mine);
        runUntil(mine);
        limit.cancel();
        if (!future.isDone()) {
            requireGoingOn();
        }
        return future.isDone();
    }

    /** Takes steps, or lets others take them, until a wait is over. */
    private void runUntil(Turn mine) {
        while (!mine.isOver()) {
            Step step = nextStep();
            if (step instanceof Timed timed) {
                run(timed);
            } else if (step instanceof Work work) {
                // It may wait longer than this wait, so it needs a stack of its own.
                if (mayBegin(work)) {
                    idleCarrier().give(work);
                    sitOut(mine);
                }
            } else if (step instanceof Turn due && due.end()) {
                waiting.remove(due);
                if (due != mine) {
                    due.handOver();
                    sitOut(mine);
                }
            }
        }
    }

    private void sitOut(Turn mine) {
        mine.await();
        turn = mine.thread();
    }

    /** Takes steps on a carrier's stack, beginning with some work, until a wait of another thread is over. */
    private void carry(Carrier carrier, Work first) {
        turn = Thread.currentThread();
        run(first);
        while (true) {
            if (closed) {
                idle.push(carrier);
                ended.release();
                return;
            }
            Step step = nextStep();
            if (step instanceof Timed timed) {
                run(timed);
            } else if (step instanceof Work work) {
                if (mayBegin(work)) {
                    run(work);
                }
            } else if (step instanceof Turn due && due.end()) {
                waiting.remove(due);
                idle.push(carrier);
                due.handOver();
                return;
            }
        }
    }

    private Step nextStep() {
        Step step = schedule.next();
        if (step == null) {
            throw new IllegalStateException("Nothing is left to happen, and somebody waits.");
        }
        return step;
    }

    private boolean mayBegin(Work work) {
        if (working == WORKERS) {
            waitingWork.add(work);
            return false;
        }
        working++;
        return true;
    }

    private void run(Work work) {
        try {
            work.task().run();
        } catch (Throwable e) {
            failures.add(e);
        }
        working--;
        Work next = waitingWork.poll();
        if (next != null && !closed) {
            Cancellable unused = schedule.add(0, next);
        }
    }

    private void run(Timed timed) {
        inTimedTask = true;
        try {
            timed.task().run();
        } catch (Throwable e) {
            failures.add(e);
        } finally {
            inTimedTask = false;
        }
    }

    private Carrier idleCarrier() {
        Carrier known = idle.poll();
        if (known != null) {
            return known;
        }
        Carrier carrier = new Carrier("virtual-time-" + ++carriers, this::carry);
        carrier.start();
        return carrier;
    }

    /** Neither a timer nor the pool has anybody who could be told, so the one who waits outside is. */
    private void throwFailures() {
        if (!failures.isEmpty()) {
            IllegalStateException failed =
                    new IllegalStateException("A task of the time failed: " + failures.get(0), failures.get(0));
            failures.stream().skip(1).forEach(failed::addSuppressed);
            failures.clear();
            throw failed;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new RejectedExecutionException("The virtual time is closed.");
        }
    }

    private void requireGoingOn() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("The virtual time is closed.");
        }
    }

    /** Ends the time and its threads; what is due later never happens. By the thread outside; any number of times. */
    @Override
    public void close() {
        outside.lock();
        try {
            closed = true;
            schedule.clear();
            for (Turn left : List.copyOf(waiting)) {
                if (left.end()) {
                    left.handOver();
                    ended.acquireUninterruptibly();
                }
            }
            waiting.clear();
            idle.forEach(Carrier::end);
            idle.clear();
        } finally {
            outside.unlock();
        }
    }

    private static final class Prefix {
        static final String OF_THIS_JVM = make();

        private static String make() {
            try (SystemTimeSource time = new SystemTimeSource()) {
                return "virtual-" + time.newId();
            }
        }
    }
}
