package io.flinkmanaged.supervise;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * When a cluster is looked at: as soon as somebody wants that, else after a pause, and one look at a time. Belongs to the
 * supervisor's loop.
 */
final class LookCycle {

    private final TimeSource time;
    private final Executor loop;
    private final Runnable look;
    private final Runnable overdue;
    private final Duration overdueAfter;
    private boolean looking;
    private boolean again;
    private boolean ended;
    private int looks;
    private TimeSource.@Nullable Cancellable next;
    private TimeSource.@Nullable Cancellable alarm;

    /**
     * Creates one that has not begun.
     *
     * @param time of its time the pauses
     * @param loop where everything of it happens
     * @param look begins a look, whose end is told by {@link #isOver}
     * @param overdue called when a look lasts for too long, and again and again while it does
     * @param overdueAfter how long that is
     */
    LookCycle(TimeSource time, Executor loop, Runnable look, Runnable overdue, Duration overdueAfter) {
        this.time = time;
        this.loop = loop;
        this.look = look;
        this.overdue = overdue;
        this.overdueAfter = overdueAfter;
    }

    /** Begins a look; if there is one already, another follows it at once. */
    void begin() {
        if (ended) {
            return;
        }
        if (looking) {
            again = true;
            return;
        }
        looking = true;
        cancel(next);
        awaitEnd();
        look.run();
    }

    private void awaitEnd() {
        int number = looks;
        alarm = time.delay(
                overdueAfter,
                () -> loop.execute(() -> {
                    if (number == looks && !ended) {
                        awaitEnd();
                        overdue.run();
                    }
                }));
    }

    /**
     * A look has ended.
     *
     * @param pause how long after it the next one begins, unless somebody wants it sooner
     */
    void isOver(Duration pause) {
        looking = false;
        looks++;
        cancel(alarm);
        if (ended) {
            return;
        }
        if (again) {
            again = false;
            begin();
        } else {
            next = time.delay(pause, () -> loop.execute(this::begin));
        }
    }

    /** No further look begins. */
    void end() {
        ended = true;
        cancel(next);
        cancel(alarm);
    }

    private static void cancel(TimeSource.@Nullable Cancellable timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
