package io.flinkmanaged.internal;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** A limit for how long an answer is waited for, without a thread that waits. */
public final class Deadline {

    private Deadline() {}

    /**
     * Limits the wait for an answer.
     *
     * @param time the time
     * @param atMost how long to wait
     * @param answer what is waited for; goes on by itself, whatever becomes of the wait
     * @param <T> what it is
     * @return completes as the answer does; fails with a {@link TimeoutException} if it has not come in time, and at once if
     *     the time source has ended
     */
    public static <T> CompletableFuture<T> within(TimeSource time, Duration atMost, CompletableFuture<T> answer) {
        CompletableFuture<T> limited = new CompletableFuture<>();
        TimeSource.Cancellable tooLate;
        try {
            tooLate = time.delay(
                    atMost,
                    () -> limited.completeExceptionally(
                            new TimeoutException("No answer within " + atMost.toSeconds() + " s")));
        } catch (RuntimeException e) {
            // The library is closing.
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<T> unusedEnd = limited.whenComplete((value, failure) -> tooLate.cancel());
        CompletableFuture<T> unused = answer.whenComplete((value, failure) -> {
            if (failure == null) {
                limited.complete(value);
            } else {
                limited.completeExceptionally(failure);
            }
        });
        return limited;
    }
}
