package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.testkit.simulation.Schedule.Work;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A thread of a {@link VirtualTime} that lends its stack to work which may block; idle until it is given some. */
final class Carrier {

    private final Semaphore given = new Semaphore(0);
    private final Thread thread;
    private @Nullable Work work;
    private boolean ended;

    /**
     * Creates a carrier.
     *
     * @param begin runs what the carrier is given, and whatever comes after it, until the turn is another thread's
     */
    Carrier(String name, Begin begin) {
        thread = new Thread(() -> carry(begin), name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Hands over the turn, with work. */
    void give(Work next) {
        work = next;
        given.release();
    }

    /** Lets an idle carrier end. */
    void end() {
        ended = true;
        given.release();
    }

    private void carry(Begin begin) {
        while (true) {
            given.acquireUninterruptibly();
            Work next = work;
            work = null;
            if (ended || next == null) {
                return;
            }
            begin.with(this, next);
        }
    }

    /** What a carrier does with its turn. */
    @FunctionalInterface
    interface Begin {
        void with(Carrier carrier, Work work);
    }
}
