package io.flinkmanaged.cluster;

import com.google.common.base.Throwables;
import io.flinkmanaged.cluster.Ruling.BeginAgain;
import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The jobs that Flink has given up: how often that was, and who rules what becomes of them. Thread-safe. */
final class FailedJobs {

    private static final Duration MEMORY = Duration.ofHours(1);
    private static final int MOST = 100;

    private final TimeSource time;
    private final Map<JobName, Deque<Long>> failures = new ConcurrentHashMap<>();
    private volatile @Nullable FailedJobRule rule;

    FailedJobs(TimeSource time) {
        this.time = time;
    }

    /** Says who rules; until then, each of them has FAILED. */
    void ruledBy(FailedJobRule someone) {
        rule = someone;
    }

    /** Takes note of one. */
    FailedJob note(ClusterJob job, JobEnd end) {
        String cause = end.cause().map(Throwables::getStackTraceAsString).orElse("");
        return new FailedJob(
                job.name().value(),
                job.attempt().orElseThrow().jobId(),
                JobFailure.of(time.now(), cause),
                agesWithNow(job.name()));
    }

    /** Has ruled what becomes of it. What fails in doing so is no reason to begin it again. */
    CompletableFuture<Ruling> rule(FailedJob failed) {
        FailedJobRule ruling = rule;
        if (ruling == null) {
            return CompletableFuture.completedFuture(new Ruling.Failed());
        }
        try {
            return ruling.rule(failed).exceptionally(failure -> new Ruling.Failed());
        } catch (RuntimeException e) {
            // The supervisor has ended, and with it the library.
            return CompletableFuture.completedFuture(new Ruling.LeftOpen());
        }
    }

    /** Tells that one is begun again. */
    void begunAgain(FailedJob failed) {
        Optional.ofNullable(rule).ifPresent(ruling -> ruling.begunAgain(failed));
    }

    /** Returns how long one that is begun again pauses: as was ruled, and longer each time if that is no pause at all. */
    static Duration pause(BeginAgain ruled, FailedJob failed) {
        Duration least = BackOff.STANDARD.after(failed.agesOfFailures().size() - 1);
        return ruled.pause().compareTo(least) < 0 ? least : ruled.pause();
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
