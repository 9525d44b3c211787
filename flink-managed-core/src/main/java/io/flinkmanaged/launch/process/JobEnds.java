package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobForgottenException;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.rest.messages.job.JobExecutionResultResponseBody;
import org.apache.flink.runtime.rest.messages.queue.QueueStatus;
import org.jspecify.annotations.Nullable;

/** Waits for the ends of jobs, through any number of leaders. Thread-safe. */
final class JobEnds implements AutoCloseable {

    static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final int DOUBLINGS = 8;

    private final Function<JobID, CompletableFuture<JobExecutionResultResponseBody>> results;
    private final Function<JobID, CompletableFuture<Boolean>> listed;
    private final TimeSource time;
    private final BooleanSupplier over;
    private volatile boolean closed;

    /**
     * Creates it.
     *
     * @param results asks for the result of a job once, for a bounded time
     * @param listed asks once, for a bounded time, whether a job is among those that Flink lists
     * @param time of its time the delays
     * @param over whether the epoch is known to be dead, so that waiting for its jobs is in vain
     */
    JobEnds(
            Function<JobID, CompletableFuture<JobExecutionResultResponseBody>> results,
            Function<JobID, CompletableFuture<Boolean>> listed,
            TimeSource time,
            BooleanSupplier over) {
        this.results = results;
        this.listed = listed;
        this.time = time;
        this.over = over;
    }

    /** Flink's own client would wait for one answer without end: one that nobody gives any more, if a leader dies over it. */
    CompletableFuture<JobEnd> whenEnded(JobID jobId) {
        CompletableFuture<JobEnd> end = new CompletableFuture<>();
        awaitEnd(new EndQuestion(jobId, end), time.ticks(), 0);
        return end;
    }

    /** A JobManager that is lost takes no job with it: whoever leads next is asked. */
    private void awaitEnd(EndQuestion question, long lastKnown, int before) {
        CompletableFuture<Void> unused = results.apply(question.jobId()).handle((answer, failure) -> {
            boolean ended = answer != null && answer.getStatus().getId() == QueueStatus.Id.COMPLETED;
            JobResult result = ended ? answer.getJobExecutionResult() : null;
            if (result != null && result.getJobStatus().isPresent()) {
                question.end().complete(endOf(result));
            } else {
                notEnded(question, lastKnown, before, failure);
            }
            return null;
        });
    }

    private void notEnded(EndQuestion question, long lastKnown, int before, @Nullable Throwable failure) {
        // A leader that has just taken over may not know yet what it will find.
        boolean unknown = failure != null && RestJobs.says(failure, FlinkJobNotFoundException.class.getSimpleName());
        boolean forLong = time.ticks() - lastKnown > FORGOTTEN_AFTER.toNanos();
        if (over.getAsBoolean() || closed) {
            question.end()
                    .completeExceptionally(
                            failure == null ? new IllegalStateException("The job was suspended.") : failure);
        } else if (unknown && forLong) {
            lookInList(question);
        } else {
            askLater(question, unknown ? lastKnown : time.ticks(), failure == null || unknown ? before + 1 : 0);
        }
    }

    /** What depends on it is much: a job that Flink lists after all is no forgotten one. */
    private void lookInList(EndQuestion question) {
        CompletableFuture<Void> unused = listed.apply(question.jobId()).handle((isThere, failure) -> {
            if (failure == null && !isThere) {
                question.end().completeExceptionally(new JobForgottenException(question.jobId()));
            } else {
                askLater(question, time.ticks(), 0);
            }
            return null;
        });
    }

    /** As Flink's client: a job that ends soon is told soon, and one that runs for days is not asked all the time. */
    private void askLater(EndQuestion question, long lastKnown, int asked) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(asked, DOUBLINGS));
        try {
            TimeSource.Cancellable unused = time.delay(pause, () -> awaitEnd(question, lastKnown, asked));
        } catch (RuntimeException e) {
            // The library is closing.
            question.end().completeExceptionally(e);
        }
    }

    private static JobEnd endOf(JobResult result) {
        return new JobEnd(
                result.getJobStatus().orElseThrow(),
                result.getSerializedThrowable().map(Function.identity()));
    }

    /** Whoever waits is told at the next answer that nobody asks any more. */
    @Override
    public void close() {
        closed = true;
    }

    /**
     * Somebody waits for the end of a job.
     *
     * @param jobId which
     * @param end who is told
     */
    private record EndQuestion(JobID jobId, CompletableFuture<JobEnd> end) {}
}
