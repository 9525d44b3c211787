package io.flinkmanaged.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    private static final Duration LONG = Duration.ofDays(1);

    @AutoClose
    private final VirtualTime time = VirtualTime.seeded(1);

    private final List<String> log = new ArrayList<>();

    @Test
    void weeksPassWhileOneWaits() throws Exception {
        Instant began = time.now();
        everyHour(0);
        time.pass(Duration.ofDays(21));
        assertThat(log).hasSize(21 * 24);
        assertThat(Duration.between(began, time.now())).isEqualTo(Duration.ofDays(21));
    }

    private void everyHour(int hour) {
        TimeSource.Cancellable unused = time.delay(Duration.ofHours(1).minusMillis(1), () -> {
            log.add("hour " + hour);
            everyHour(hour + 1);
        });
    }

    @Test
    void aTimerThatIsCalledOffDoesNothing() throws Exception {
        time.delay(Duration.ofSeconds(1), () -> log.add("called off")).cancel();
        time.pass(LONG);
        assertThat(log).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameOrderAndAnotherOneAnother() throws Exception {
        assertThat(orderOf(7)).isEqualTo(orderOf(7)).isNotEqualTo(orderOf(8));
    }

    private static List<Integer> orderOf(long seed) throws InterruptedException {
        List<Integer> order = new ArrayList<>();
        try (VirtualTime time = VirtualTime.seeded(seed)) {
            for (int i = 0; i < 20; i++) {
                int number = i;
                time.blocking().execute(() -> order.add(number));
            }
            time.pass(LONG);
        }
        return order;
    }

    @Test
    void aLoopKeepsTheOrder() throws Exception {
        for (int i = 0; i < 20; i++) {
            int number = i;
            time.loop().execute(() -> log.add("" + number));
        }
        time.pass(LONG);
        assertThat(log)
                .containsExactly(
                        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
                        "17", "18", "19");
    }

    /** Who waits longer, and was there first, holds nobody up. */
    @Test
    void workThatWaitsLetsOtherWorkGoOn() throws Exception {
        CompletableFuture<Void> never = new CompletableFuture<>();
        time.blocking().execute(() -> waitFor("first", never, Duration.ofSeconds(30)));
        TimeSource.Cancellable unused = time.delay(Duration.ofSeconds(10), () -> time.blocking()
                .execute(() -> waitFor("second", never, Duration.ofSeconds(60))));
        time.pass(Duration.ofSeconds(31));
        assertThat(log).containsExactly("first: false after 30 s");
        time.pass(Duration.ofSeconds(40));
        assertThat(log).containsExactly("first: false after 30 s", "second: false after 60 s");
    }

    @Test
    void worksWaitForEachOther() throws Exception {
        CompletableFuture<Void> question = new CompletableFuture<>();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        time.blocking().execute(() -> {
            TimeSource.Cancellable unused = time.delay(Duration.ofSeconds(5), () -> question.complete(null));
            waitFor("who asks", answer, LONG);
        });
        time.blocking().execute(() -> {
            waitFor("who answers", question, LONG);
            answer.complete(null);
        });
        time.pass(LONG);
        assertThat(log).containsExactly("who answers: true after 5 s", "who asks: true after 5 s");
    }

    @Test
    void noMoreWorkIsDoneAtOnceThanThereAreThreads() throws Exception {
        for (int i = 0; i < VirtualTime.WORKERS + 1; i++) {
            time.blocking().execute(() -> waitFor("work", new CompletableFuture<>(), Duration.ofSeconds(10)));
        }
        time.pass(Duration.ofSeconds(11));
        assertThat(log).hasSize(VirtualTime.WORKERS);
        time.pass(Duration.ofSeconds(10));
        assertThat(log).hasSize(VirtualTime.WORKERS + 1);
    }

    @Test
    void aTimedTaskThatWaitsFails() {
        TimeSource.Cancellable unused =
                time.delay(Duration.ZERO, () -> waitFor("task", new CompletableFuture<>(), LONG));
        assertThatThrownBy(() -> time.pass(LONG)).hasMessageContaining("A timed task waits");
    }

    @Test
    void whoWaitsOutsideIsToldOfWorkThatFailed() {
        time.blocking().execute(() -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> time.pass(LONG)).hasMessageContaining("broken");
    }

    @Test
    void whoSetsTheClockDoesNotMakeTimePass() throws Exception {
        Instant began = time.now();
        long ticks = time.ticks();
        time.setClock(Duration.ofHours(-3));
        assertThat(time.now()).isEqualTo(began.minus(Duration.ofHours(3)));
        assertThat(time.ticks()).isEqualTo(ticks);
    }

    @Test
    void whoWaitsWhenItIsClosedIsInterrupted() throws Exception {
        Thread[] worker = new Thread[1];
        time.blocking().execute(() -> {
            worker[0] = Thread.currentThread();
            waitFor("work", new CompletableFuture<>(), LONG.multipliedBy(2));
        });
        time.pass(LONG);
        time.close();
        assertThat(log).containsExactly("work: interrupted");
        worker[0].join();
        assertThatThrownBy(() -> time.delay(LONG, () -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> time.pass(LONG)).isInstanceOf(InterruptedException.class);
    }

    private void waitFor(String who, CompletableFuture<?> future, Duration atMost) {
        long began = time.ticks();
        try {
            boolean done = time.await(future, atMost);
            log.add(who + ": " + done + " after "
                    + Duration.ofNanos(time.ticks() - began).toSeconds() + " s");
        } catch (InterruptedException e) {
            log.add(who + ": interrupted");
        }
    }
}
