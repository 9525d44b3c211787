package io.flinkmanaged.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LimitedExecutorTest {

    private final Deque<Runnable> pool = new ArrayDeque<>();
    private final LimitedExecutor limited = new LimitedExecutor(pool::add, 2);
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void takesNoMoreOfThePoolThanItMayAndKeepsTheOrder() {
        for (int i = 0; i < 5; i++) {
            int number = i;
            limited.execute(() -> ran.add(number));
        }
        while (!pool.isEmpty()) {
            assertThat(pool).hasSizeLessThanOrEqualTo(2);
            pool.remove().run();
        }
        assertThat(ran).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void goesOnAfterATaskThatThrows() {
        for (int i = 0; i < 4; i++) {
            limited.execute(() -> {
                throw new IllegalStateException("a test wants it");
            });
        }
        limited.execute(() -> ran.add(4));
        while (!pool.isEmpty()) {
            Runnable next = pool.remove();
            assertThat(pool).hasSizeLessThan(2);
            try {
                next.run();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("a test wants it");
            }
        }
        assertThat(ran).containsExactly(4);
    }

    @Test
    void refusesAsThePoolDoes() {
        LimitedExecutor ended = new LimitedExecutor(
                task -> {
                    throw new RejectedExecutionException("it has ended");
                },
                1);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ended.execute(() -> ran.add(1))).isInstanceOf(RejectedExecutionException.class);
        }
        assertThat(ran).isEmpty();
    }
}
