package io.flinkmanaged.cluster;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Says once and for all that a cluster is being closed, so that nothing new begins and nobody waits on. Thread-safe. */
final class Closing {

    private final TimeSource time;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    Closing(TimeSource time) {
        this.time = time;
    }

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
        if (!time.await(CompletableFuture.anyOf(future, begun), atMost)) {
            throw new TimeoutException();
        }
        return future.isDone();
    }
}
