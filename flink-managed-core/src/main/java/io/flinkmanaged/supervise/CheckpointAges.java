package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;

/**
 * How long ago each running job completed a checkpoint. Flink is asked now and then, and nobody waits for the answer: it counts
 * at the next look. Used by one look at a time.
 *
 * <p>A checkpoint is stale only if others have failed since: how often a job wants one is its own business.
 */
final class CheckpointAges {

    static final Duration ASK_EVERY = Duration.ofSeconds(10);
    /** Shorter outages are the business of those who retry. */
    static final Duration STALE_AFTER = Duration.ofMinutes(5);

    static final int MOST_FAILED = 3;

    private final TimeSource time;
    private final Map<JobID, Age> ages = new ConcurrentHashMap<>();

    CheckpointAges(TimeSource time) {
        this.time = time;
    }

    /** Looks at a living job; asks about it if that is due. */
    void note(JobObservation seen, JobGateway gateway) {
        Age age = ages.computeIfAbsent(seen.jobId(), unused -> new Age(time.ticks()));
        if (seen.allTasksRun() && age.isDue(time.ticks())) {
            CompletableFuture<Void> unused = gateway.progress(seen.jobId()).handle((progress, failure) -> {
                age.told(Optional.ofNullable(progress), time.ticks());
                return null;
            });
        }
    }

    /** Forgets every job but these. */
    void retain(Collection<JobID> living) {
        ages.keySet().retainAll(living);
    }

    /** Returns what is wrong with a job's checkpoints, if something is. */
    Optional<StaleCheckpoint> of(JobObservation job) {
        return Optional.ofNullable(ages.get(job.jobId())).flatMap(age -> age.stale(job.name(), time.ticks()));
    }

    private static final class Age {
        private boolean asked;
        private long askedTicks = Long.MIN_VALUE;
        private Optional<Long> latestCompleted = Optional.empty();
        private long failedBefore;
        private long failed;
        private long sinceTicks;

        Age(long nowTicks) {
            this.sinceTicks = nowTicks;
        }

        synchronized boolean isDue(long nowTicks) {
            boolean due = !asked && (askedTicks == Long.MIN_VALUE || nowTicks - askedTicks >= ASK_EVERY.toNanos());
            if (due) {
                asked = true;
                askedTicks = nowTicks;
            }
            return due;
        }

        /** Whoever does not answer says nothing. A JobManager that is new to a job counts from zero. */
        synchronized void told(Optional<JobProgress> progress, long nowTicks) {
            asked = false;
            if (progress.isEmpty()) {
                return;
            }
            if (!progress.get().latestCompleted().equals(latestCompleted)) {
                latestCompleted = progress.get().latestCompleted();
                failedBefore = progress.get().failedCheckpoints();
                sinceTicks = nowTicks;
            }
            failedBefore = Math.min(failedBefore, progress.get().failedCheckpoints());
            failed = progress.get().failedCheckpoints() - failedBefore;
        }

        synchronized Optional<StaleCheckpoint> stale(String job, long nowTicks) {
            Duration age = Duration.ofNanos(nowTicks - sinceTicks);
            return failed >= MOST_FAILED && age.compareTo(STALE_AFTER) >= 0
                    ? Optional.of(new StaleCheckpoint(job, failed, age))
                    : Optional.empty();
        }
    }
}
