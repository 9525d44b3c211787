package io.flinkmanaged.testkit;

import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.model.SystemTimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits for what becomes true of a cluster, for two minutes at most. */
final class Patience implements AutoCloseable {

    static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final SystemTimeSource time = new SystemTimeSource();

    void await(BooleanSupplier condition) throws Exception {
        await(LIMIT, condition);
    }

    /** Waits until a job has completed so many checkpoints more. */
    void awaitCheckpoints(ManagedJob job, int further) throws Exception {
        long seen = job.progress().completedCheckpoints();
        await(() -> job.progress().completedCheckpoints() >= seen + further);
    }

    /** Lets a while pass, and looks again and again; what the look throws ends it. */
    void letPass(Duration span, Runnable look) throws Exception {
        long begun = time.ticks();
        await(span.plus(LIMIT), () -> {
            look.run();
            return time.ticks() - begun > span.toNanos();
        });
    }

    /** Returns whether it becomes true in time. */
    boolean becomes(Duration atMost, BooleanSupplier condition) throws Exception {
        try {
            await(atMost, condition);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                return false;
            }
            throw e;
        }
    }

    private void await(Duration atMost, BooleanSupplier condition) throws Exception {
        Void unused = Polling.until(
                        time,
                        PAUSE,
                        atMost,
                        // A question to a cluster blocks, which the time source's own thread must not.
                        () -> CompletableFuture.supplyAsync(condition::getAsBoolean, time.blocking()))
                .get(atMost.plus(LIMIT).toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws Exception {
        time.close();
    }
}
