package io.flinkmanaged.testkit.simulation;

import java.util.concurrent.Semaphore;

/** A thread's wait for its turn: it goes on when whoever has the turn hands it over. */
final class Turn implements Schedule.Step {

    private final Thread thread = Thread.currentThread();
    private final Semaphore handedOver = new Semaphore(0);
    private boolean due;
    private boolean over;

    /** Notes that the wait is to end; answers whether that was not known. */
    synchronized boolean becomesDue() {
        boolean first = !due;
        due = true;
        return first;
    }

    /** Ends the wait; answers whether it had not ended. Only by whoever has the turn. */
    boolean end() {
        boolean first = !over;
        over = true;
        return first;
    }

    boolean isOver() {
        return over;
    }

    Thread thread() {
        return thread;
    }

    void handOver() {
        handedOver.release();
    }

    void await() {
        handedOver.acquireUninterruptibly();
    }
}
