package io.flinkmanaged;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Blocking calls on futures, with the failures that callers of this library expect. */
final class Waiting {

    private Waiting() {}

    /** Waits, for any duration; a failure of ours is thrown as it is, any other in an exception that says what was waited for. */
    static <T> T await(String cluster, String what, Future<T> future, Duration atMost, Supplier<String> stateThen) {
        try {
            return future.get(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Failures.unwrap(e);
            if (cause instanceof TimeoutException) {
                throw late(cluster, what, atMost, stateThen);
            }
            if (cause instanceof ManagedFlinkException known) {
                known.addSuppressed(new Waiter(what));
                throw known;
            }
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    cluster,
                    what + ": failed (expected: done). Remove the cause and try again: " + Failures.rootCause(cause),
                    cause);
        } catch (TimeoutException e) {
            throw late(cluster, what, atMost, stateThen);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ManagedFlinkException(
                    Code.INTERRUPTED,
                    cluster,
                    what + ": interrupted while waiting (expected: a wait to its end). It goes on; wait again.",
                    e);
        }
    }

    private static ManagedFlinkException late(
            String cluster, String what, Duration atMost, Supplier<String> stateThen) {
        return new ManagedFlinkException(
                Code.TIMEOUT,
                cluster,
                what + ": " + stateThen.get() + " after " + TimeUnit.MILLISECONDS.convert(atMost)
                        + " ms (expected: done by then). Wait longer, or look at the events and the web UI.",
                null);
    }

    /** The stack of the thread that waited, added to a failure that arose on another one. */
    private static final class Waiter extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Waiter(String what) {
            super("waited for here: " + what);
        }
    }
}
