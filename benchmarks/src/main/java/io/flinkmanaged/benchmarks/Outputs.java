package io.flinkmanaged.benchmarks;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What the tasks of one job told from within this JVM. Thread-safe. */
final class Outputs {

    private static final Map<String, Outputs> CHANNELS = new ConcurrentHashMap<>();

    private final CompletableFuture<Boolean> checkpointed = new CompletableFuture<>();
    private final CompletableFuture<Long> emittedAgain = new CompletableFuture<>();

    private Outputs() {}

    static Outputs of(String channel) {
        return CHANNELS.computeIfAbsent(channel, ignored -> new Outputs());
    }

    void checkpointed() {
        checkpointed.complete(true);
    }

    /** Notes the first record of a subtask's attempt; Flink counts attempts from 0. */
    void emitted(int attempt, long nanoTime) {
        if (attempt > 0) {
            emittedAgain.complete(nanoTime);
        }
    }

    void awaitCheckpoint() throws Exception {
        boolean unused = Patience.await(checkpointed);
    }

    /** Waits for the first record after a restart, and returns the reading of {@link System#nanoTime()} then. */
    long awaitOutputAfterRestart() throws Exception {
        return Patience.await(emittedAgain);
    }
}
