package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.TimeSource.Cancellable;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to come, in the order in which it comes: by time, and what is due at one time in the order of its entry. Thread-safe. */
final class Schedule {

    private static final long FOREVER = Long.MAX_VALUE / 2;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            Comparator.<Entry>comparingLong(entry -> entry.dueTicks).thenComparingLong(entry -> entry.number));
    private long ticks;
    private long count;

    /** Returns the time: when the step was due that was taken last. */
    synchronized long ticks() {
        return ticks;
    }

    /**
     * Enters a step.
     *
     * @param afterNanos how long after now it is due
     * @return takes the step out again; without effect once it was taken
     */
    synchronized Cancellable add(long afterNanos, Step step) {
        Entry entry = new Entry(ticks + Math.min(Math.max(0, afterNanos), FOREVER), count++, step);
        entries.add(entry);
        return entry;
    }

    /** Takes the next step, and with it the time goes on; null if none is left. */
    synchronized @Nullable Step next() {
        for (Entry entry = entries.poll(); entry != null; entry = entries.poll()) {
            if (!entry.cancelled) {
                ticks = entry.dueTicks;
                return entry.step;
            }
        }
        return null;
    }

    synchronized void clear() {
        entries.clear();
    }

    /** Something that happens at a time. */
    sealed interface Step permits Timed, Work, Turn {}

    /** A task that does not block. */
    record Timed(Runnable task) implements Step {}

    /** A task that may block. */
    record Work(Runnable task) implements Step {}

    /** One that was called off stays until it is due: to search for it would cost more. */
    private static final class Entry implements Cancellable {
        private final long dueTicks;
        private final long number;
        private final Step step;
        private volatile boolean cancelled;

        Entry(long dueTicks, long number, Step step) {
            this.dueTicks = dueTicks;
            this.number = number;
            this.step = step;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
