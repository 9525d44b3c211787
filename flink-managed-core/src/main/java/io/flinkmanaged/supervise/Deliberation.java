package io.flinkmanaged.supervise;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question to a failover policy, which is the embedder's code and may block. Whoever waits for the answer need not wait for
 * it for ever. Thread-safe.
 *
 * @param <T> what the policy answers
 */
final class Deliberation<T> implements Runnable {

    private final Function<Deliberation<T>, T> question;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private @Nullable Thread thread;
    private boolean interrupted;
    private volatile boolean over;

    /**
     * Creates one that is not asked yet.
     *
     * @param question asks the policy; is given this
     */
    Deliberation(Function<Deliberation<T>, T> question) {
        this.question = question;
    }

    /** Returns the answer; fails as the policy does, or if it was given up. */
    CompletableFuture<T> answer() {
        return answer;
    }

    /** Returns whether the policy is being asked now. */
    synchronized boolean isAsking() {
        return thread != null;
    }

    /** Returns whether the policy has come back, or was not asked and will not be: no thread is taken or waited for. */
    boolean isOver() {
        return over;
    }

    /** Asks the policy, on the calling thread; does nothing if it was given up. */
    @Override
    public void run() {
        Runnable told = begin() ? ask() : () -> {};
        // Whoever hears the answer may ask the next question.
        over = true;
        told.run();
    }

    private Runnable ask() {
        try {
            T said = question.apply(this);
            return () -> answer.complete(said);
        } catch (Throwable e) {
            return () -> answer.completeExceptionally(e);
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

    /** Waits no longer: the policy takes too long. */
    void isOverdue() {
        giveUp("it did not answer in time (expected: at once). It must not block");
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
