package io.flinkmanaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class WaitingTest {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @Test
    void takesForEverForADuration() {
        assertThat(await(CompletableFuture.completedFuture("done"), FOREVER)).isEqualTo("done");
        assertThatThrownBy(() -> await(CompletableFuture.failedFuture(new TimeoutException()), FOREVER))
                .isInstanceOfSatisfying(ManagedFlinkException.class, late -> assertThat(late.code())
                        .isEqualTo(Code.TIMEOUT));
    }

    @Test
    void saysWhatWasNotDoneInTime() {
        for (Duration atMost : new Duration[] {Duration.ZERO, FOREVER.negated()}) {
            assertThatThrownBy(() -> await(new CompletableFuture<>(), atMost))
                    .isInstanceOf(ManagedFlinkException.class)
                    .hasMessageStartingWith("launch: STARTING after ")
                    .hasMessageContaining("(expected: done by then). ");
        }
    }

    @Test
    void saysWhatFailedAndWhy() {
        IOException cause = new IOException("no space");
        assertThatThrownBy(() -> await(CompletableFuture.failedFuture(cause), FOREVER))
                .isInstanceOf(ManagedFlinkException.class)
                .hasCause(cause)
                .hasMessageStartingWith("launch: failed (expected: done). ")
                .hasMessageContaining("no space");
    }

    @Test
    void leavesTheThreadInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> await(new CompletableFuture<>(), FOREVER))
                .isInstanceOfSatisfying(ManagedFlinkException.class, interrupted -> assertThat(interrupted.code())
                        .isEqualTo(Code.INTERRUPTED))
                .hasMessageContaining("launch: interrupted while waiting (expected: ");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static String await(CompletableFuture<String> future, Duration atMost) {
        return Waiting.await("flights", "launch", future, atMost, () -> "STARTING");
    }
}
