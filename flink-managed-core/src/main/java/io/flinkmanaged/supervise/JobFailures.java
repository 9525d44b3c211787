package io.flinkmanaged.supervise;

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
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;

/**
 * Counts how often each job has failed in a row, from look to look. Flink is asked only about a job that was started again since
 * the last look, or had failed before and may have completed a checkpoint since. Used by one look at a time.
 *
 * <p>A checkpoint since the last question ends the count, and so does an hour without a failure: a job without checkpoints that
 * fails once a day runs. What fails by a job's own doing counts while it is the same. What fails below a job neither counts
 * there nor ends that count; it counts by itself, whatever it is, unless a death that was seen explains it. In doubt a failure is
 * not counted.
 */
final class JobFailures {

    /** Two failures that are further apart are not in a row. */
    static final Duration ROW_ENDS_AFTER = Duration.ofHours(1);
    /** A job fails because of a death until Flink has noticed it everywhere. */
    static final Duration DEATH_EXPLAINS = Duration.ofMinutes(1);

    private static final FailureFingerprint NOTHING = new FailureFingerprint("", "", "");

    private final TimeSource time;
    private final Map<JobID, Count> counts = new HashMap<>();
    private Optional<Long> deathTicks = Optional.empty();

    JobFailures(TimeSource time) {
        this.time = time;
    }

    /** The death of a process has become known. */
    void noteDeath() {
        deathTicks = Optional.of(time.ticks());
    }

    /** Asks about a living job what {@link #note} wants to know. */
    void ask(JobObservation seen, JobGateway gateway, JobQuestions questions) {
        Count count = countOf(seen);
        if (count.isBehind(seen) || count.hasFailures()) {
            questions.askProgress(seen.jobId(), gateway);
        }
        if (count.isBehind(seen)) {
            questions.askFailures(seen.jobId(), gateway);
        }
    }

    /**
     * Looks at a living job. No answer says nothing of it, and is asked for again at the next look.
     *
     * @param questions those that were asked
     */
    void note(JobObservation seen, JobQuestions questions) {
        Count count = countOf(seen);
        if (!count.isBehind(seen) && !count.hasFailures()) {
            return;
        }
        Optional<JobProgress> progress = questions.progress(seen.jobId());
        Optional<List<JobFailure>> failures =
                count.isBehind(seen) ? questions.failures(seen.jobId()) : Optional.of(List.of());
        if (progress.isPresent() && failures.isPresent()) {
            count.restarts = seen.taskRestarts();
            boolean explained = deathTicks
                    .filter(ticks -> time.ticks() - ticks < DEATH_EXPLAINS.toNanos())
                    .isPresent();
            count.note(progress.get().latestCompleted(), failures.get(), explained, time.ticks());
        }
    }

    /** Forgets every job but these. */
    void retain(Collection<JobID> living) {
        counts.keySet().retainAll(living);
    }

    /** Returns what a job fails of again and again, if it has failed: by its own doing first. */
    List<RepeatedFailure> of(JobObservation job) {
        Count count = counts.get(job.jobId());
        return count == null
                ? List.of()
                : Stream.of(count.ofItsOwn, count.ofInfrastructure)
                        .flatMap(row -> row.at(time.ticks()).stream())
                        .map(row -> new RepeatedFailure(
                                job.name(),
                                job.jobId(),
                                row.fingerprint,
                                row == count.ofInfrastructure,
                                row.failures,
                                Duration.ofNanos(time.ticks() - row.sinceTicks),
                                Duration.ofNanos(time.ticks() - row.lastTicks)))
                        .toList();
    }

    private Count countOf(JobObservation job) {
        return counts.computeIfAbsent(job.jobId(), unused -> new Count());
    }

    private static final class Count {
        private int restarts;
        private Optional<Long> completed = Optional.empty();
        private Optional<JobFailure> newest = Optional.empty();
        private final Row ofItsOwn = new Row();
        private final Row ofInfrastructure = new Row();

        /** Whether a job was started again since it was last asked. */
        boolean isBehind(JobObservation seen) {
            return seen.taskRestarts() != restarts;
        }

        boolean hasFailures() {
            return ofItsOwn.failures > 0 || ofInfrastructure.failures > 0;
        }

        void note(Optional<Long> latestCompleted, List<JobFailure> newestFirst, boolean explained, long nowTicks) {
            List<JobFailure> fresh = since(newestFirst);
            newest = newestFirst.stream().findFirst().or(() -> newest);
            if (!latestCompleted.equals(completed)) {
                completed = latestCompleted;
                ofItsOwn.end();
                ofInfrastructure.end();
                // Nobody knows which of them came before the checkpoint.
                return;
            }
            for (JobFailure failure : fresh) {
                if (!failure.ofInfrastructure()) {
                    if (!failure.fingerprint().equals(ofItsOwn.fingerprint)) {
                        ofItsOwn.end();
                    }
                    ofItsOwn.count(failure.fingerprint(), nowTicks);
                } else if (!explained) {
                    ofInfrastructure.count(failure.fingerprint(), nowTicks);
                }
            }
        }

        /** Returns what was not there the last time, the oldest first; by what it is, since clocks may be set. */
        private List<JobFailure> since(List<JobFailure> newestFirst) {
            int known = newest.map(newestFirst::indexOf).orElse(-1);
            List<JobFailure> fresh = new ArrayList<>(newestFirst.subList(0, known < 0 ? newestFirst.size() : known));
            Collections.reverse(fresh);
            return fresh;
        }
    }

    /** Failures in a row. */
    private static final class Row {
        private FailureFingerprint fingerprint = NOTHING;
        private int failures;
        private long sinceTicks;
        private long lastTicks;

        void count(FailureFingerprint next, long nowTicks) {
            if (failures == 0 || nowTicks - lastTicks > ROW_ENDS_AFTER.toNanos()) {
                failures = 0;
                sinceTicks = nowTicks;
            }
            fingerprint = next;
            lastTicks = nowTicks;
            failures++;
        }

        void end() {
            failures = 0;
        }

        Optional<Row> at(long nowTicks) {
            return failures == 0 || nowTicks - lastTicks > ROW_ENDS_AFTER.toNanos()
                    ? Optional.empty()
                    : Optional.of(this);
        }
    }
}
