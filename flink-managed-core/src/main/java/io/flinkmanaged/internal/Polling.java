package io.flinkmanaged.internal;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waiting for what nobody announces: asks again and again, without a thread that sleeps. */
public final class Polling {

    private Polling() {}

    /**
     * Asks until the answer is yes.
     *
     * @param time the time
     * @param pause from an answer to the next question
     * @param atMost how long to ask; any duration, 292 years and more are for ever
     * @param question answers true when it is enough; a question that fails ends the waiting
     * @return completes with the yes; fails with a {@link TimeoutException} or what the question failed with
     */
    public static CompletableFuture<Void> until(
            TimeSource time, Duration pause, Duration atMost, Supplier<CompletableFuture<Boolean>> question) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        ask(new Wait(time, pause, time.ticks() + TimeUnit.NANOSECONDS.convert(atMost), question, result));
        return result;
    }

    private static void ask(Wait wait) {
        if (wait.result().isDone()) {
            return;
        }
        CompletableFuture<Boolean> answer;
        try {
            answer = wait.question().get();
        } catch (RuntimeException e) {
            wait.result().completeExceptionally(e);
            return;
        }
        CompletableFuture<Boolean> unusedAsked = answer.whenComplete((enough, failure) -> {
            if (failure != null) {
                wait.result().completeExceptionally(Failures.unwrap(failure));
            } else if (enough) {
                wait.result().complete(null);
            } else if (wait.time().ticks() - wait.deadline() > 0) {
                wait.result().completeExceptionally(new TimeoutException());
            } else {
                askLater(wait);
            }
        });
    }

    private static void askLater(Wait wait) {
        try {
            TimeSource.Cancellable unused = wait.time().delay(wait.pause(), () -> ask(wait));
        } catch (RuntimeException e) {
            // The time source was closed.
            wait.result().completeExceptionally(e);
        }
    }

    private record Wait(
            TimeSource time,
            Duration pause,
            long deadline,
            Supplier<CompletableFuture<Boolean>> question,
            CompletableFuture<Void> result) {}
}
