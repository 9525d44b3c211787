package io.flinkmanaged.event;

import io.flinkmanaged.event.ClusterEvent.EventsDropped;
import io.flinkmanaged.model.TimeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners, in order, one at a time, on an executor, and writes each to the log.
 *
 * <p>{@link #publish} never blocks. The queue is bounded: what does not fit is dropped and counted.
 */
public final class EventDispatcher {

    /** The most events that wait for the listeners. */
    static final int CAPACITY = 1024;

    private static final Logger LOG = LoggerFactory.getLogger("io.flinkmanaged.events");

    private final TimeSource time;
    private final Executor executor;
    private final List<ClusterEventListener> listeners = new CopyOnWriteArrayList<>();
    private final Deque<ClusterEvent> waiting = new ArrayDeque<>();
    private long dropped;
    private boolean draining;

    /**
     * Creates a dispatcher.
     *
     * @param time says when events were dropped
     * @param executor runs the listeners
     */
    public EventDispatcher(TimeSource time, Executor executor) {
        this.time = time;
        this.executor = executor;
    }

    /**
     * Adds a listener for all events from now on.
     *
     * @param listener the listener
     * @return removes it
     */
    public AutoCloseableSubscription subscribe(ClusterEventListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Publishes an event, without the secrets that may be in its texts; returns at once.
     *
     * @param happened what happened
     */
    public void publish(ClusterEvent happened) {
        ClusterEvent event = RedactedEvents.redacted(happened);
        LOG.info("[{}] {}", event.cluster(), event.text());
        synchronized (waiting) {
            if (waiting.size() >= CAPACITY) {
                dropped++;
                return;
            }
            if (dropped > 0) {
                waiting.add(new EventsDropped("", time.now(), dropped));
                dropped = 0;
            }
            waiting.add(event);
            if (draining) {
                return;
            }
            draining = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        for (ClusterEvent event = next(); event != null; event = next()) {
            for (ClusterEventListener listener : listeners) {
                try {
                    listener.onEvent(event);
                } catch (Throwable e) {
                    // Whatever it is, neither the other listeners nor the next events suffer from it.
                    LOG.warn("A listener failed on {}.", event, e);
                }
            }
        }
    }

    private @Nullable ClusterEvent next() {
        synchronized (waiting) {
            ClusterEvent event = waiting.poll();
            if (event == null && dropped > 0) {
                event = new EventsDropped("", time.now(), dropped);
                dropped = 0;
            }
            draining = event != null;
            return event;
        }
    }

    /** Removes a listener. */
    @FunctionalInterface
    public interface AutoCloseableSubscription extends AutoCloseable {

        /** Removes the listener; it may be told of an event that is being handed out at this moment. */
        @Override
        void close();
    }
}
