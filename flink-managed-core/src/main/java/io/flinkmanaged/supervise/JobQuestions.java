package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;

/**
 * What one look asks of single jobs. All questions together are waited for as long as for one: what is not answered by then is
 * unknown this time, and one job that does not answer keeps nobody from knowing the others. Used by one thread.
 */
final class JobQuestions {

    static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final TimeSource time;
    private final long deadlineTicks;
    private final Map<JobID, CompletableFuture<JobProgress>> progress = new HashMap<>();
    private final Map<JobID, CompletableFuture<List<JobFailure>>> failures = new HashMap<>();

    /** Creates it; from now on the time counts. */
    JobQuestions(TimeSource time) {
        this.time = time;
        this.deadlineTicks = time.ticks() + ANSWER_WITHIN.toNanos();
    }

    /** Asks how far a job's checkpoints have come, without waiting; nothing if that was asked. */
    void askProgress(JobID job, JobGateway gateway) {
        CompletableFuture<JobProgress> unused = progress.computeIfAbsent(job, gateway::progress);
    }

    /** Asks what a job failed of, without waiting; nothing if that was asked. */
    void askFailures(JobID job, JobGateway gateway) {
        CompletableFuture<List<JobFailure>> unused = failures.computeIfAbsent(job, gateway::failures);
    }

    /** Returns what was answered to {@link #askProgress}; blocks until the deadline. */
    Optional<JobProgress> progress(JobID job) {
        return Optional.ofNullable(progress.get(job)).flatMap(this::answer);
    }

    /** Returns what was answered to {@link #askFailures}; blocks until the deadline. */
    Optional<List<JobFailure>> failures(JobID job) {
        return Optional.ofNullable(failures.get(job)).flatMap(this::answer);
    }

    private <T> Optional<T> answer(CompletableFuture<T> question) {
        try {
            boolean answered = time.await(question, left());
            return answered && !question.isCompletedExceptionally() ? Optional.of(question.join()) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, deadlineTicks - time.ticks()));
    }
}
