package io.flinkmanaged.internal;

import com.google.common.base.Throwables;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What has been started and must be stopped, in reverse, each whatever happens to the others.
 *
 * <p>Not thread-safe: for the one thread that starts, or stops.
 */
public final class TearDown {

    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    /**
     * Adds something that has been started.
     *
     * @param step stops it
     */
    public void add(AutoCloseable step) {
        steps.push(step);
    }

    /**
     * Stops everything after a failed start; what fails on the way is suppressed in the first cause.
     *
     * @param cause why the start failed
     */
    public void after(Throwable cause) {
        Throwable failure = runAll();
        if (failure != null && failure != cause) {
            cause.addSuppressed(failure);
        }
    }

    /**
     * Stops everything.
     *
     * @throws Exception the first failure; later ones are suppressed in it
     */
    public void run() throws Exception {
        Throwable failure = runAll();
        if (failure != null) {
            Throwables.throwIfInstanceOf(failure, Error.class);
            throw (Exception) failure;
        }
    }

    private @Nullable Throwable runAll() {
        Throwable first = null;
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (Throwable e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                if (first == null) {
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            }
        }
        return first;
    }
}
