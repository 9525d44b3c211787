package io.flinkmanaged.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.flinkmanaged.event.ClusterEvent.EpochEnded;
import io.flinkmanaged.event.ClusterEvent.EventsDropped;
import io.flinkmanaged.internal.ManualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventDispatcherTest {

    private final ManualTime time = new ManualTime();
    private final Deque<Runnable> eventThread = new ArrayDeque<>();
    private final EventDispatcher dispatcher = new EventDispatcher(time, eventThread::add);
    private final List<ClusterEvent> heard = new ArrayList<>();

    @Test
    void neverRunsAListenerOnThePublishersThread() {
        dispatcher.subscribe(heard::add);
        publish(1, 2, 3);
        assertThat(heard).isEmpty();
        runListeners();
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void goesOnAfterItWasIdle() {
        dispatcher.subscribe(heard::add);
        publish(1);
        runListeners();
        publish(2);
        runListeners();
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void tellsOnlyWhatHappensWhileSomebodyListens() throws Exception {
        publish(1);
        runListeners();
        AutoCloseable subscription = dispatcher.subscribe(heard::add);
        publish(2);
        runListeners();
        subscription.close();
        subscription.close();
        publish(3);
        runListeners();
        assertThat(numbers()).containsExactly(2L);
    }

    @Test
    void countsExactlyWhatASlowListenerMissed() {
        dispatcher.subscribe(heard::add);
        int tooMany = 77;
        publish(LongStream.rangeClosed(1, EventDispatcher.CAPACITY + tooMany).toArray());
        runListeners();
        assertThat(heard).hasSize(EventDispatcher.CAPACITY + 1);
        assertThat(numbers())
                .isEqualTo(LongStream.rangeClosed(1, EventDispatcher.CAPACITY)
                        .boxed()
                        .toList());
        assertThat(heard.get(EventDispatcher.CAPACITY)).isEqualTo(new EventsDropped("", time.now(), tooMany));
    }

    @Test
    void saysWhatWasMissedBeforeItGoesOn() {
        dispatcher.subscribe(event -> {
            if (event instanceof EpochEnded ended && ended.epoch() == 2) {
                // The queue has room again while the listeners are still behind.
                publish(10_001);
            }
            heard.add(event);
        });
        publish(LongStream.rangeClosed(1, EventDispatcher.CAPACITY + 5).toArray());
        runListeners();
        int last = heard.size() - 1;
        assertThat(heard.get(last - 1)).isEqualTo(new EventsDropped("", time.now(), 5));
        assertThat(heard.get(last)).isEqualTo(event(10_001));
        assertThat(heard).hasSize(EventDispatcher.CAPACITY + 2);
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        for (Throwable thrown : List.of(
                new IllegalStateException("exception"), new AssertionError("error"), new StackOverflowError())) {
            dispatcher.subscribe(event -> sneak(thrown));
        }
        dispatcher.subscribe(heard::add);
        publish(1, 2);
        runListeners();
        publish(3);
        runListeners();
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
    }

    /** Who publishes goes on at once; what comes while the queue is full is counted, and told when there is room. */
    @Test
    void aListenerThatBlocksHoldsUpNoPublisher() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            EventDispatcher concurrent = new EventDispatcher(time, thread);
            concurrent.subscribe(event -> {
                blocked.countDown();
                Uninterruptibles.awaitUninterruptibly(released);
            });
            concurrent.subscribe(heard::add);
            concurrent.publish(event(1));
            assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();

            LongStream.rangeClosed(2, EventDispatcher.CAPACITY + 1 + 5)
                    .forEach(number -> concurrent.publish(event(number)));
        } finally {
            released.countDown();
            thread.shutdown();
            assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(numbers())
                .isEqualTo(LongStream.rangeClosed(1, EventDispatcher.CAPACITY + 1)
                        .boxed()
                        .toList());
        assertThat(heard).last().isEqualTo(new EventsDropped("", time.now(), 5));
    }

    @Test
    void losesAndRepeatsNothingOfManyPublishers() throws Exception {
        ConcurrentLinkedQueue<Long> seen = new ConcurrentLinkedQueue<>();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            EventDispatcher concurrent = new EventDispatcher(time, thread);
            concurrent.subscribe(event -> seen.add(event instanceof EventsDropped dropped ? dropped.count() : 1L));
            List<CompletableFuture<Void>> publishers = IntStream.range(0, 4)
                    .mapToObj(publisher -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 2_000; i++) {
                            concurrent.publish(event(1));
                        }
                    }))
                    .toList();
            publishers.forEach(CompletableFuture::join);
        } finally {
            thread.shutdown();
            assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(seen.stream().mapToLong(Long::longValue).sum()).isEqualTo(8_000);
    }

    private void publish(long... numbers) {
        LongStream.of(numbers).forEach(number -> dispatcher.publish(event(number)));
    }

    private EpochEnded event(long number) {
        return new EpochEnded("flights", time.now(), number, "a test");
    }

    private void runListeners() {
        while (!eventThread.isEmpty()) {
            eventThread.remove().run();
        }
    }

    private List<Long> numbers() {
        return heard.stream()
                .filter(EpochEnded.class::isInstance)
                .map(event -> ((EpochEnded) event).epoch())
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
