package io.flinkmanaged.benchmarks;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the tasks of a job that keeps state told from within this JVM. Thread-safe. */
final class KeptValues {

    private static final Map<String, KeptValues> CHANNELS = new ConcurrentHashMap<>();

    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger verified = new AtomicInteger();
    private final CompletableFuture<Boolean> allWritten = new CompletableFuture<>();
    private final CompletableFuture<Boolean> allVerified = new CompletableFuture<>();

    private KeptValues() {}

    static KeptValues of(String channel) {
        return CHANNELS.computeIfAbsent(channel, ignored -> new KeptValues());
    }

    void written(int of) {
        if (written.incrementAndGet() == of) {
            allWritten.complete(true);
        }
    }

    void verified(int of) {
        if (verified.incrementAndGet() == of) {
            allVerified.complete(true);
        }
    }

    void awaitAllWritten() throws Exception {
        boolean unused = Patience.await(allWritten);
    }

    /** Waits until every value was found as it was written. */
    void awaitAllVerified() throws Exception {
        boolean unused = Patience.await(allVerified);
    }
}
