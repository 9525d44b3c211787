package io.flinkmanaged.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** A part of a pool: so many of its tasks run at once at most, the others wait without a thread. Thread-safe. */
public final class LimitedExecutor implements Executor {

    private final Executor pool;
    private final int most;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /**
     * Creates it.
     *
     * @param pool runs the tasks; owned by the caller
     * @param most how many at once; at least 1
     */
    public LimitedExecutor(Executor pool, int most) {
        this.pool = pool;
        this.most = most;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            if (running == most) {
                waiting.add(task);
                return;
            }
            running++;
        }
        begin(task);
    }

    private void begin(Runnable task) {
        try {
            pool.execute(() -> {
                try {
                    task.run();
                } finally {
                    ended();
                }
            });
        } catch (RuntimeException e) {
            // The pool has ended, and with it whatever waits.
            synchronized (waiting) {
                running--;
            }
            throw e;
        }
    }

    private void ended() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) {
                running--;
                return;
            }
        }
        begin(next);
    }
}
