package io.flinkmanaged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.SystemTimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private final ManualTime time = new ManualTime();
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final CompletableFuture<String> limited = Deadline.within(time, Duration.ofSeconds(2), answer);

    @Test
    void completesAsTheAnswerDoesAndForgetsTheTime() {
        answer.complete("yes");
        assertThat(limited).isCompletedWithValue("yes");
        assertThat(time.waiting()).isZero();
    }

    @Test
    void failsAsTheAnswerDoes() {
        IllegalStateException failure = new IllegalStateException("no");
        answer.completeExceptionally(failure);
        assertThat(limited).isCompletedExceptionally();
        assertThat(limited.handle((value, cause) -> cause)).isCompletedWithValue(failure);
    }

    @Test
    void failsWhenTheTimeIsOverAndLeavesTheAnswerAlone() {
        time.pass(Duration.ofSeconds(2));
        assertThat(limited.handle((value, cause) -> cause))
                .isCompletedWithValueMatching(cause -> cause instanceof TimeoutException);
        assertThat(answer).isNotDone();
        answer.complete("too late");
        assertThat(limited).isCompletedExceptionally();
    }

    @Test
    void failsAtOnceIfTheTimeHasEnded() {
        SystemTimeSource over = new SystemTimeSource();
        over.close();
        assertThat(Deadline.within(over, Duration.ofDays(1), answer).handle((value, cause) -> cause))
                .isCompletedWithValueMatching(cause -> cause instanceof RejectedExecutionException);
    }
}
