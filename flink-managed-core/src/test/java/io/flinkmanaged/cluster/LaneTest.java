package io.flinkmanaged.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneTest {

    private final ManualTime time = new ManualTime();
    private final Lane lane = new Lane(time.blocking());

    @Test
    void neverRunsAnOperationOnTheCallersThread() {
        CompletableFuture<String> result = lane.run(() -> "done");
        assertThat(result).isNotDone();
        time.runBlocking();
        assertThat(result).isCompletedWithValue("done");
    }

    @Test
    void keepsTheOrder() {
        List<Integer> order = new ArrayList<>();
        List<CompletableFuture<Boolean>> results = IntStream.range(0, 10)
                .mapToObj(i -> lane.run(() -> order.add(i)))
                .toList();
        time.runBlocking();
        assertThat(results).allMatch(CompletableFuture::isDone);
        assertThat(order).isSorted().hasSize(10);
    }

    @Test
    void runsOneOperationAtATime() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Lane busy = new Lane(pool);
            AtomicInteger running = new AtomicInteger();
            ConcurrentLinkedQueue<Integer> overlaps = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Boolean>> results = IntStream.range(0, 500)
                    .mapToObj(i -> busy.run(() -> {
                        overlaps.add(running.incrementAndGet());
                        Thread.onSpinWait();
                        return running.decrementAndGet() == 0;
                    }))
                    .toList();
            assertThat(results).allMatch(CompletableFuture::join);
            assertThat(overlaps).containsOnly(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void goesOnAfterAFailure() {
        IllegalStateException exception = new IllegalStateException("exception");
        CompletableFuture<String> failed = lane.run(() -> {
            throw exception;
        });
        CompletableFuture<String> broken = lane.run(() -> {
            throw new StackOverflowError();
        });
        CompletableFuture<String> next = lane.run(() -> "next");
        time.runBlocking();
        assertThat(failed).failsWithin(Duration.ZERO).withThrowableThat().withCause(exception);
        assertThat(broken).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(StackOverflowError.class);
        assertThat(next).isCompletedWithValue("next");
    }

    @Test
    void takesOperationsFromItsOperations() {
        List<String> order = new ArrayList<>();
        List<CompletableFuture<Boolean>> later = new ArrayList<>();
        CompletableFuture<Boolean> first = lane.run(() -> {
            later.add(lane.run(() -> order.add("third")));
            return order.add("first");
        });
        CompletableFuture<Boolean> second = lane.run(() -> order.add("second"));
        time.runBlocking();
        assertThat(order).containsExactly("first", "second", "third");
        assertThat(List.of(first, second, later.get(0))).allMatch(CompletableFuture::isDone);
    }

    /** Whoever waits for an operation that never runs would wait for ever. */
    @Test
    void failsWhatItCannotRunBecauseThePoolHasEnded() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Lane ending = new Lane(pool);
        Queue<CompletableFuture<String>> waiting = new ConcurrentLinkedQueue<>();
        CompletableFuture<String> first = ending.run(() -> {
            waiting.add(ending.run(() -> "never"));
            pool.shutdown();
            return "done";
        });
        assertThat(first).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("done");
        assertRefused(waiting.remove());
        assertRefused(ending.run(() -> "late"));
        assertRefused(ending.run(() -> "later"));
    }

    private static void assertRefused(CompletableFuture<String> result) {
        assertThat(result)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(ManagedFlinkException.class, refused -> assertThat(refused.code())
                        .isEqualTo(Code.CLOSED))
                .withMessageStartingWith("operations: the library instance is closed (expected: open). ");
    }
}
