package io.flinkmanaged.examples;

import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.model.ManagedFlinkException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** Looks at the running job several times a second, on a thread of its own, until it is closed. */
final class FlightProgress implements AutoCloseable {

    /** How often it looks, and how often the TaskManagers should report. */
    static final Duration PERIOD = Duration.ofMillis(100);

    private static final int ANSWER_SECONDS = 5;

    private final ManagedJob job;
    private final long enough;
    private final CompletableFuture<Long> reached = new CompletableFuture<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "flight-progress");
        created.setDaemon(true);
        return created;
    });
    private volatile long passed;
    private boolean answered;

    private FlightProgress(ManagedJob job, long enough) {
        this.job = job;
        this.enough = enough;
    }

    /**
     * Begins to look.
     *
     * @param job the job
     * @param enough how many flights are waited for
     * @param everySecond told each second how many have passed, unless the job is just being restarted
     */
    static FlightProgress of(ManagedJob job, long enough, LongConsumer everySecond) {
        FlightProgress progress = new FlightProgress(job, enough);
        ScheduledFuture<?> unusedLooks =
                progress.thread.scheduleWithFixedDelay(progress::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        ScheduledFuture<?> unusedReports =
                progress.thread.scheduleAtFixedRate(() -> progress.report(everySecond), 1, 1, TimeUnit.SECONDS);
        return progress;
    }

    /**
     * Waits until enough flights have passed, or the job has ended.
     *
     * @return how many have passed
     */
    long awaitEnough(Duration atMost) throws InterruptedException, TimeoutException {
        CompletableFuture<?> end = job.client().getJobExecutionResult();
        try {
            Object unused = CompletableFuture.anyOf(reached, end).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // The job failed; whoever waits for its end is told why.
        }
        return passed;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void report(LongConsumer everySecond) {
        if (answered) {
            everySecond.accept(passed);
        }
    }

    private void look() {
        answered = false;
        try {
            Map<String, Object> counts = job.client().getAccumulators().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (counts.get(FlightCounter.PASSED) instanceof Long now) {
                passed = now;
                answered = true;
                if (now >= enough) {
                    reached.complete(now);
                }
            }
        } catch (ExecutionException | TimeoutException | ManagedFlinkException e) {
            // The job is just being restarted: the next look tells more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
