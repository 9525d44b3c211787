package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Whether a cluster's state storage answers, and since when. It is asked only while that decides something: whoever dies with an
 * unreachable storage must not be taken for one that finds damage there, and nothing can begin without it. Belongs to the
 * supervisor's loop.
 */
final class StorageProbe {

    static final Duration PAUSE = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final TimeSource time;
    private final Executor loop;
    private final Executor pool;

    private boolean asking;
    private long lastAskedTicks;
    private Optional<Long> answersSinceTicks = Optional.empty();
    private Optional<String> outage = Optional.empty();

    StorageProbe(Cluster cluster, TimeSource time, Executor loop, Executor pool) {
        this.cluster = cluster;
        this.time = time;
        this.loop = loop;
        this.pool = pool;
        this.lastAskedTicks = time.ticks() - PAUSE.toNanos();
    }

    /** Asks, unless that was done a moment ago; the answer comes later. */
    void ask() {
        long now = time.ticks();
        if (asking || now - lastAskedTicks < PAUSE.toNanos()) {
            return;
        }
        asking = true;
        lastAskedTicks = now;
        CompletableFuture<Void> unused = CompletableFuture.runAsync(cluster::requireKnownStorage, pool)
                .handle((answered, failure) -> {
                    loop.execute(() -> told(Optional.ofNullable(failure).map(Failures::rootCause), now));
                    return null;
                });
    }

    private void told(Optional<String> failure, long askedTicks) {
        asking = false;
        outage = failure;
        answersSinceTicks = failure.isEmpty() ? answersSinceTicks.or(() -> Optional.of(askedTicks)) : Optional.empty();
    }

    /** Forgets what was told: nothing depends on it any more. */
    void forget() {
        answersSinceTicks = Optional.empty();
        outage = Optional.empty();
    }

    /** Returns why it did not answer when it was asked last; empty if it did, or was not asked. */
    Optional<String> outage() {
        return outage;
    }

    /** Returns for how long it has answered whenever it was asked; zero if it has not, or was not asked. */
    Duration answering() {
        return answersSinceTicks
                .map(since -> Duration.ofNanos(time.ticks() - since))
                .orElse(Duration.ZERO);
    }
}
