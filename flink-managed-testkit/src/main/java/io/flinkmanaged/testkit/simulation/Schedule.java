package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.TimeSource.Cancellable;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to come, in the order in which it comes: by time, and what is due at one time in the order of its entry. Thread-safe. */
final class Schedule {

    private static final long FOREVER = Long.MAX_VALUE / 2;

    /** So many that were called off may stay, and as many more as there are others. */
    private static final int MOST_CALLED_OFF = 32;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Entry::compare);
    private long ticks;
    private long count;
    private int calledOff;

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
            entry.taken = true;
            if (!entry.calledOff) {
                ticks = entry.dueTicks;
                return entry.step;
            }
            calledOff--;
        }
        return null;
    }

    synchronized void clear() {
        entries.clear();
        calledOff = 0;
    }

    /** To search for one would cost more than to let it stay; to let all of them stay would cost others their time. */
    private synchronized void callOff(Entry entry) {
        if (entry.taken || entry.calledOff) {
            return;
        }
        entry.calledOff = true;
        calledOff++;
        if (calledOff > MOST_CALLED_OFF + entries.size() / 2) {
            entries.removeIf(one -> one.calledOff);
            calledOff = 0;
        }
    }

    /** Something that happens at a time. */
    sealed interface Step permits Timed, Work, Turn {}

    /** A task that does not block. */
    record Timed(Runnable task) implements Step {}

    /** A task that may block. */
    record Work(Runnable task) implements Step {}

    private final class Entry implements Cancellable {
        private final long dueTicks;
        private final long number;
        private final Step step;
        private boolean taken;
        private boolean calledOff;

        Entry(long dueTicks, long number, Step step) {
            this.dueTicks = dueTicks;
            this.number = number;
            this.step = step;
        }

        static int compare(Entry one, Entry other) {
            int byTime = Long.compare(one.dueTicks, other.dueTicks);
            return byTime == 0 ? Long.compare(one.number, other.number) : byTime;
        }

        @Override
        public void cancel() {
            callOff(this);
        }
    }
}
