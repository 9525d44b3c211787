package io.flinkmanaged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PollingTest {

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void asksAtOnceAndNoMoreThanNeeded() {
        CompletableFuture<Void> result = until(() -> answer(true));
        assertThat(result).isCompleted();
        assertThat(asked).hasValue(1);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void asksAgainAfterEachPauseUntilTheAnswerIsYes() {
        CompletableFuture<Void> result = until(() -> answer(asked.get() == 3));
        for (int questions = 1; questions <= 3; questions++) {
            assertThat(asked).hasValue(questions);
            assertThat(result).isNotDone();
            time.pass(PAUSE);
        }
        assertThat(result).isCompleted();
        assertThat(asked).hasValue(4);
    }

    @Test
    void waitsForTheAnswerBeforeItAsksAgain() {
        CompletableFuture<Boolean> slow = new CompletableFuture<>();
        CompletableFuture<Void> result = until(() -> {
            asked.incrementAndGet();
            return slow;
        });
        time.pass(Duration.ofMinutes(1));
        assertThat(asked).hasValue(1);
        slow.complete(true);
        assertThat(result).isCompleted();
    }

    @Test
    void givesUpAfterItsTimeAndStopsAsking() {
        CompletableFuture<Void> result = until(() -> answer(false));
        time.pass(AT_MOST);
        assertThat(result).isNotDone();
        time.pass(PAUSE);
        assertThat(result).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(TimeoutException.class);
        assertThat(time.waiting()).isZero();
        assertThat(asked).hasValue(12);
    }

    @Test
    void takesForEverForADuration() {
        CompletableFuture<Void> result =
                Polling.until(time, PAUSE, ChronoUnit.FOREVER.getDuration(), () -> answer(asked.get() == 3));
        time.pass(AT_MOST);
        assertThat(result).isCompleted();
    }

    @Test
    void endsWhenAQuestionFails() {
        IllegalStateException failure = new IllegalStateException("gone");
        assertFailure(until(() -> CompletableFuture.failedFuture(failure)), failure);
        assertFailure(
                until(() -> {
                    throw failure;
                }),
                failure);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void stopsAskingWhenNobodyWantsToKnowAnyMore() {
        CompletableFuture<Void> result = until(() -> answer(false));
        result.cancel(false);
        time.pass(Duration.ofMinutes(1));
        assertThat(asked).hasValue(1);
        assertThat(time.waiting()).isZero();
    }

    /** What nobody fails, somebody waits for. */
    @Test
    void failsWhenTimeItselfHasEnded() {
        RejectedExecutionException ended = new RejectedExecutionException("closed");
        CompletableFuture<Void> result =
                Polling.until(new EndedTime(ended), PAUSE, AT_MOST, () -> CompletableFuture.completedFuture(false));
        assertFailure(result, ended);
    }

    private CompletableFuture<Void> until(Supplier<CompletableFuture<Boolean>> question) {
        return Polling.until(time, PAUSE, AT_MOST, question);
    }

    private CompletableFuture<Boolean> answer(boolean enough) {
        boolean now = asked.incrementAndGet() > 0 && enough;
        return CompletableFuture.completedFuture(now);
    }

    private static void assertFailure(CompletableFuture<Void> result, Exception failure) {
        assertThat(result)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCause(failure);
    }

    /** A time source that was closed. */
    private record EndedTime(RejectedExecutionException refusal) implements TimeSource {

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long ticks() {
            return 0;
        }

        @Override
        public Cancellable delay(Duration delay, Runnable task) {
            throw refusal;
        }

        @Override
        public Executor blocking() {
            throw refusal;
        }

        @Override
        public String newId() {
            return "id";
        }
    }
}
