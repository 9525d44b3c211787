package io.flinkmanaged.launch.process;

import io.flinkmanaged.internal.Deadline;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Questions that may be asked any number of times, so that nobody has to wait for an answer that may never come: each fails
 * after ten seconds, or as soon as a JobManager dies. Thread-safe.
 */
final class Reads {

    private static final Duration READ_WITHIN = Duration.ofSeconds(10);

    private final TimeSource time;
    private final Map<Object, Consumer<Throwable>> reading = new ConcurrentHashMap<>();

    Reads(TimeSource time) {
        this.time = time;
    }

    /**
     * Has what is being read fail, so that it is asked again: a JobManager died, and may have been about to answer. One that
     * does not lead waits for the leader's answer for minutes.
     */
    void jobManagerDied() {
        IOException died = new IOException("A JobManager died, which may have been about to answer.");
        reading.values().forEach(answer -> answer.accept(died));
    }

    /** Asks. */
    <T> CompletableFuture<T> read(Supplier<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = Deadline.within(time, READ_WITHIN, question.get());
        Object reader = new Object();
        reading.put(reader, answer::completeExceptionally);
        CompletableFuture<T> unused = answer.whenComplete((value, failure) -> reading.remove(reader));
        return answer;
    }
}
