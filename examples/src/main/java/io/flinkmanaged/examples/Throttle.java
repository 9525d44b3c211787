package io.flinkmanaged.examples;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.functions.async.AsyncFunction;
import org.apache.flink.streaming.api.functions.async.ResultFuture;

/**
 * Lets elements through at a steady pace, so that a file looks like a stream.
 *
 * <p>It waits without blocking the task's thread, which therefore stays free for checkpoints. What waits here is part of
 * the checkpoint; the pace is not: after a restart it simply begins anew.
 */
final class Throttle<T> implements AsyncFunction<T, T> {

    private final long nanosBetween;
    private transient long nextTick;
    private transient boolean begun;

    Throttle(double perSecond) {
        this.nanosBetween = Math.round(TimeUnit.SECONDS.toNanos(1) / perSecond);
    }

    @Override
    public void asyncInvoke(T element, ResultFuture<T> result) {
        long now = System.nanoTime();
        nextTick = begun && nextTick - now > 0 ? nextTick : now;
        begun = true;
        CompletableFuture<Void> unused = new CompletableFuture<T>()
                .completeOnTimeout(element, nextTick - now, TimeUnit.NANOSECONDS)
                .thenAccept(due -> result.complete(List.of(due)));
        nextTick += nanosBetween;
    }
}
