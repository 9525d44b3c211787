package io.flinkmanaged.cluster;

import com.google.common.base.Throwables;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The jobs that Flink has given up; knows how often that was, and whom to ask whether they are begun again. Thread-safe. */
final class FailedJobs {

    private static final Duration MEMORY = Duration.ofHours(1);
    private static final int MOST = 100;

    private final TimeSource time;
    private final Function<FailedJob, CompletableFuture<Boolean>> rule;
    private final Map<JobName, Deque<Long>> failures = new ConcurrentHashMap<>();

    /**
     * Creates it.
     *
     * @param time tells how long ago a failure was
     * @param rule says whether a job is begun again; called on any thread
     */
    FailedJobs(TimeSource time, Function<FailedJob, CompletableFuture<Boolean>> rule) {
        this.time = time;
        this.rule = rule;
    }

    /**
     * Takes note of one, and asks whether it is begun again. What fails in doing so is no reason to.
     *
     * @param job the job
     * @param end how its attempt ended
     */
    CompletableFuture<Boolean> isBegunAgain(ClusterJob job, JobEnd end) {
        String cause = end.cause().map(Throwables::getStackTraceAsString).orElse("");
        try {
            return rule.apply(new FailedJob(
                            job.name().value(),
                            job.attempt().orElseThrow().jobId(),
                            JobFailure.of(time.now(), cause),
                            agesWithNow(job.name())))
                    .exceptionally(failure -> false);
        } catch (RuntimeException e) {
            // The supervisor is closing.
            return CompletableFuture.completedFuture(false);
        }
    }

    private List<Duration> agesWithNow(JobName job) {
        long now = time.ticks();
        Deque<Long> known = failures.computeIfAbsent(job, unused -> new ArrayDeque<>());
        synchronized (known) {
            known.addFirst(now);
            while (known.size() > MOST || now - known.getLast() > MEMORY.toNanos()) {
                Long unused = known.removeLast();
            }
            return known.stream().map(ticks -> Duration.ofNanos(now - ticks)).toList();
        }
    }

    /** A job was submitted anew: what became of it before does not count. */
    void forget(JobName job) {
        failures.remove(job);
    }
}
