package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.launch.FailureFingerprint;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often each job has failed for the same reason, from look to look. Flink is asked only about a job that was
 * started again since the last look, or had failed before and may have completed a checkpoint since. Used by one look at a
 * time.
 *
 * <p>A checkpoint since the last question ends the count, and so does a failure of another kind; what fails below a job,
 * neither counts nor ends it. In doubt a failure is not counted.
 */
final class JobFailures {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final TimeSource time;
    private final Map<JobID, Count> counts = new HashMap<>();

    JobFailures(TimeSource time) {
        this.time = time;
    }

    /** Looks at a living job; blocks for a bounded time. */
    void note(JobObservation seen, ClusterJob job) {
        Count count = counts.computeIfAbsent(seen.jobId(), unused -> new Count());
        boolean restarted = seen.taskRestarts() != count.restarts;
        if (!restarted && count.failures == 0) {
            return;
        }
        JobGateway gateway = job.gateway();
        Optional<JobProgress> progress = answer(gateway.progress(seen.jobId()));
        Optional<List<JobFailure>> failures =
                restarted ? answer(gateway.failures(seen.jobId())) : Optional.of(List.of());
        if (progress.isPresent() && failures.isPresent()) {
            count.restarts = seen.taskRestarts();
            count.note(progress.get().latestCompleted(), failures.get(), time.ticks());
        }
    }

    /** Forgets every job but these. */
    void retain(Collection<JobID> living) {
        counts.keySet().retainAll(living);
    }

    /** Returns what a job fails of again and again, if it has failed. */
    Optional<RepeatedFailure> of(JobObservation job) {
        Count count = counts.get(job.jobId());
        return count == null || count.fingerprint == null
                ? Optional.empty()
                : Optional.of(new RepeatedFailure(
                        job.name(),
                        job.jobId(),
                        count.fingerprint,
                        count.failures,
                        Duration.ofNanos(time.ticks() - count.sinceTicks)));
    }

    /** No answer says nothing of the job, and is asked for again at the next look. */
    private <T> Optional<T> answer(CompletableFuture<T> question) {
        try {
            return time.await(question, ANSWER_WITHIN) && !question.isCompletedExceptionally()
                    ? Optional.of(question.join())
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static final class Count {
        private int restarts;
        private Optional<Long> completed = Optional.empty();
        private Optional<JobFailure> newest = Optional.empty();
        private @Nullable FailureFingerprint fingerprint;
        private int failures;
        private long sinceTicks;

        void note(Optional<Long> latestCompleted, List<JobFailure> newestFirst, long nowTicks) {
            List<JobFailure> fresh = since(newestFirst);
            newest = newestFirst.stream().findFirst().or(() -> newest);
            if (!latestCompleted.equals(completed)) {
                completed = latestCompleted;
                fingerprint = null;
                failures = 0;
                // Nobody knows which of them came before the checkpoint.
                return;
            }
            for (JobFailure failure : fresh) {
                if (!failure.ofInfrastructure()) {
                    count(failure.fingerprint(), nowTicks);
                }
            }
        }

        private void count(FailureFingerprint next, long nowTicks) {
            if (!next.equals(fingerprint)) {
                fingerprint = next;
                failures = 0;
                sinceTicks = nowTicks;
            }
            failures++;
        }

        /** Returns what was not there the last time, the oldest first; by what it is, since clocks may be set. */
        private List<JobFailure> since(List<JobFailure> newestFirst) {
            int known = newest.map(newestFirst::indexOf).orElse(-1);
            List<JobFailure> fresh = new ArrayList<>(newestFirst.subList(0, known < 0 ? newestFirst.size() : known));
            Collections.reverse(fresh);
            return fresh;
        }
    }
}
