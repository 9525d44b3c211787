package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliberationTest {

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        thread.shutdownNow();
    }

    @Test
    void failsAsThePolicyDoes() {
        Deliberation<String> asked = new Deliberation<>(unused -> {
            throw new IllegalStateException("a policy that throws");
        });
        asked.run();
        assertThat(asked.answer()).isCompletedExceptionally();
        assertThatThrownBy(asked.answer()::join).hasRootCauseMessage("a policy that throws");
    }

    @Test
    void interruptsAPolicyThatBlocksAndLeavesItsThreadAsItWas() throws Exception {
        CountDownLatch asks = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Deliberation<String> asked = new Deliberation<>(unused -> {
            asks.countDown();
            return awaited(never);
        });
        thread.execute(asked);
        assertThat(asks.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(asked.isAsking()).isTrue();
        assertThat(asked.isOver()).isFalse();
        asked.giveUp("it blocks");
        assertThatThrownBy(asked.answer()::join)
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("it blocks");
        assertThat(thread.submit(Thread::interrupted).get(1, TimeUnit.MINUTES)).isFalse();
        assertThat(asked.isOver()).isTrue();
    }

    private static String awaited(CountDownLatch never) {
        try {
            never.await();
            return "never";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void doesNotAskIfItWasGivenUpBefore() {
        Deliberation<String> asked = new Deliberation<>(unused -> {
            throw new AssertionError("asked");
        });
        asked.giveUp("nobody waits any more");
        asked.run();
        assertThatThrownBy(asked.answer()::join).hasMessageContaining("nobody waits any more");
        assertThat(Thread.interrupted()).isFalse();
    }
}
