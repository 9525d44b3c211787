package io.flinkmanaged.internal;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/** Another time, for whoever wants one that differs in a single point. */
public abstract class ForwardingTime implements TimeSource {

    private final TimeSource time;

    protected ForwardingTime(TimeSource time) {
        this.time = time;
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public long ticks() {
        return time.ticks();
    }

    @Override
    public Cancellable delay(Duration delay, Runnable task) {
        return time.delay(delay, task);
    }

    @Override
    public Executor blocking() {
        return time.blocking();
    }

    @Override
    public String newId() {
        return time.newId();
    }
}
