package io.flinkmanaged.supervise;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;

/**
 * A loop that notes how late its steps begin: from when each was handed to it until it runs. Thread-safe; a step costs no more
 * than a place in an array.
 */
final class LoopLag implements Executor {

    /** So many steps are remembered. */
    static final int WINDOW = 4096;

    private final Executor loop;
    private final TimeSource time;
    private final long[] lags = new long[WINDOW];
    private long steps;

    LoopLag(Executor loop, TimeSource time) {
        this.loop = loop;
        this.time = time;
    }

    @Override
    public void execute(Runnable step) {
        long handed = time.ticks();
        loop.execute(() -> {
            note(time.ticks() - handed);
            step.run();
        });
    }

    private synchronized void note(long lag) {
        lags[(int) (steps++ % WINDOW)] = lag;
    }

    /** Returns the remembered lags in order of their length. */
    Sorted sorted() {
        long[] copy;
        synchronized (this) {
            copy = Arrays.copyOf(lags, (int) Math.min(steps, WINDOW));
        }
        Arrays.sort(copy);
        return new Sorted(copy);
    }

    /** Lags in order of their length. */
    static final class Sorted {

        private final long[] lags;

        private Sorted(long[] lags) {
            this.lags = lags;
        }

        /** Returns what so many of a hundred do not exceed; zero if there was no step. */
        Duration percentile(int percent) {
            int rank = (lags.length * percent + 99) / 100;
            return lags.length == 0 ? Duration.ZERO : Duration.ofNanos(lags[Math.max(0, rank - 1)]);
        }
    }
}
