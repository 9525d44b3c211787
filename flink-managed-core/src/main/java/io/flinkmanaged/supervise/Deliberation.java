package io.flinkmanaged.supervise;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One question to a failover policy, which is the embedder's code and may block. Whoever waits for the answer need not wait for
 * it for ever. Thread-safe.
 *
 * @param <T> what the policy answers
 */
final class Deliberation<T> implements Runnable {

    private final Callable<T> question;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private @Nullable Thread thread;
    private boolean interrupted;

    Deliberation(Callable<T> question) {
        this.question = question;
    }

    /** Returns the answer; fails as the policy does, or if it was given up. */
    CompletableFuture<T> answer() {
        return answer;
    }

    /** Asks the policy, on the calling thread; does nothing if it was given up. */
    @Override
    public void run() {
        if (!begin()) {
            return;
        }
        try {
            answer.complete(question.call());
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        } finally {
            end();
        }
    }

    private synchronized boolean begin() {
        if (answer.isDone()) {
            return false;
        }
        thread = Thread.currentThread();
        return true;
    }

    /** The thread is the pool's: it does not keep an interruption that was meant for the policy. */
    private synchronized void end() {
        thread = null;
        if (interrupted) {
            boolean unused = Thread.interrupted();
        }
    }

    /** Waits no longer: it took too long. */
    void isOverdue() {
        giveUp("it did not answer within " + LookCycle.OVERDUE_AFTER.toSeconds()
                + " s (expected: at once). It must not block");
    }

    /**
     * Waits no longer: the answer fails, and the thread that asks is interrupted.
     *
     * @param why what the failure says
     */
    void giveUp(String why) {
        answer.completeExceptionally(new TimeoutException(why));
        synchronized (this) {
            if (thread != null) {
                interrupted = true;
                thread.interrupt();
            }
        }
    }
}
