package io.flinkmanaged.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Says once and for all that a cluster is being closed, so that nothing new begins and nobody waits on. Thread-safe. */
final class Closing {

    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    void begin() {
        begun.complete(null);
    }

    boolean hasBegun() {
        return begun.isDone();
    }

    /**
     * Waits until a future is done, or the cluster is being closed.
     *
     * @return whether the future is done, well or not
     * @throws TimeoutException if neither is so in time
     */
    boolean await(CompletableFuture<?> future, Duration atMost) throws TimeoutException, InterruptedException {
        try {
            Object unused = CompletableFuture.anyOf(future, begun).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // Its failure is for whoever asks it for its result.
            return true;
        }
        return future.isDone();
    }
}
