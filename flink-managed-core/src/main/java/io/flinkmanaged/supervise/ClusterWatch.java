package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.RunningEpoch;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.CertificateEnding;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.ProcessHung;
import io.flinkmanaged.event.ClusterEvent.ProcessLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.UnmanagedJobSeen;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.EndingCertificate;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.supervise.Incident.Reprocessed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;

/**
 * Looks at one cluster again and again and tells, as events, what changed from look to look. Used by one look at a time.
 */
final class ClusterWatch {

    private final Cluster cluster;
    private final TimeSource time;
    private final Consumer<ClusterEvent> events;
    private final Map<JobID, JobState> states = new HashMap<>();
    private final JobFailures failures;
    private final CheckpointAges checkpoints;
    private final Seen mourned = new Seen();
    private final Set<EndingCertificate> warned = new HashSet<>();
    private final List<ClusterEvent> told = new ArrayList<>();
    private final List<Return> returns = new ArrayList<>();
    private Optional<Since> lastDeath = Optional.empty();
    /** When the last look began that was answered; before the first, since when this watches. */
    private Since lastAnswered;

    ClusterWatch(Cluster cluster, TimeSource time, Consumer<ClusterEvent> events) {
        this.cluster = cluster;
        this.time = time;
        this.events = events;
        this.failures = new JobFailures(time);
        this.checkpoints = new CheckpointAges(time);
        this.lastAnswered = Since.now(time);
    }

    /**
     * Looks once, on threads of the pool. While the cluster's answer is awaited, none is taken: one that does not answer keeps
     * nobody from the others.
     *
     * @param awaited jobs of which it is to be seen whether they complete a checkpoint after this one
     * @return done within a bounded time
     */
    CompletableFuture<Look> look(Map<JobID, Optional<Long>> awaited) {
        return CompletableFuture.completedFuture(awaited).thenComposeAsync(this::begin, time.blocking());
    }

    private CompletableFuture<Look> begin(Map<JobID, Optional<Long>> awaited) {
        told.clear();
        returns.clear();
        Since began = Since.now(time);
        Optional<Epoch> epoch = cluster.current().map(RunningEpoch::epoch);
        // Deaths first: they are known at once, while the rest is an answer that may take its time.
        cluster.current().ifPresent(running -> running.launched().taskManagers().forEach(this::noteDeath));
        cluster.current()
                .ifPresent(running -> running.launched().endingCertificates().forEach(this::noteEnding));
        return cluster.look().thenApplyAsync(seen -> answered(epoch, began, seen, awaited), time.blocking());
    }

    private Look answered(
            Optional<Epoch> epoch, Since began, ClusterObservation seen, Map<JobID, Optional<Long>> awaited) {
        for (TaskManagerObservation taskManager : seen.taskManagers()) {
            noteDeath(taskManager);
        }
        seen.lost().forEach(this::noteLoss);
        seen.hung().forEach(this::noteHang);
        Map<JobID, ClusterJob> managed = cluster.jobs().all().stream()
                .filter(job -> job.attempt().isPresent())
                .collect(Collectors.toMap(
                        job -> job.attempt().map(JobAttempt::jobId).orElseThrow(), job -> job));
        List<JobObservation> living = seen.jobs().stream()
                .filter(job -> !job.status().isGloballyTerminalState())
                .toList();
        JobQuestions questions = ask(living, managed, awaited.keySet());
        boolean settled = true;
        for (JobObservation job : living) {
            settled &= note(job, managed.containsKey(job.jobId()), questions, began);
        }
        if (seen.liveness() == Liveness.ANSWERS) {
            forgetAllBut(living);
            lastAnswered = began;
        }
        Set<JobID> advanced = seen.liveness() == Liveness.ANSWERS ? advanced(awaited, managed, questions) : Set.of();
        return new Look(
                epoch,
                seen,
                settled,
                failing(living, managed, questions),
                stale(living, managed),
                List.copyOf(told),
                List.copyOf(returns),
                advanced);
    }

    /** Asks everything that is to be known of single jobs, before any answer is waited for. */
    private JobQuestions ask(List<JobObservation> living, Map<JobID, ClusterJob> managed, Set<JobID> awaited) {
        JobQuestions questions = new JobQuestions(time);
        for (JobObservation job : living) {
            ClusterJob ours = managed.get(job.jobId());
            if (ours == null) {
                continue;
            }
            if (awaited.contains(job.jobId()) || runsAnew(job)) {
                questions.askProgress(job.jobId(), ours.gateway());
            }
            if (!ours.hasEnded()) {
                failures.ask(job, ours.gateway(), questions);
            }
        }
        return questions;
    }

    /** Whether {@link #note} will tell that a job runs. */
    private boolean runsAnew(JobObservation job) {
        JobState state = states.get(job.jobId());
        return job.allTasksRun() && (state == null || !state.running || job.taskRestarts() > state.taskRestarts);
    }

    private void tell(ClusterEvent event) {
        told.add(event);
        events.accept(event);
    }

    private Set<JobID> advanced(
            Map<JobID, Optional<Long>> awaited, Map<JobID, ClusterJob> managed, JobQuestions questions) {
        Set<JobID> advanced = new HashSet<>();
        awaited.forEach((jobId, before) -> {
            Optional<ClusterJob> living =
                    Optional.ofNullable(managed.get(jobId)).filter(job -> !job.hasEnded() && states.containsKey(jobId));
            boolean stands = living.isPresent()
                    && questions
                            .progress(jobId)
                            .filter(now -> !now.latestCompleted().equals(before))
                            .isEmpty();
            if (!stands) {
                advanced.add(jobId);
            }
        });
        return advanced;
    }

    /** Jobs that were not submitted here are their owner's. */
    private List<RepeatedFailure> failing(
            List<JobObservation> living, Map<JobID, ClusterJob> managed, JobQuestions questions) {
        List<RepeatedFailure> failing = new ArrayList<>();
        for (JobObservation job : living) {
            ClusterJob ours = managed.get(job.jobId());
            if (ours != null && !ours.hasEnded()) {
                failures.note(job, questions);
                failing.addAll(failures.of(job));
            }
        }
        return failing;
    }

    private List<StaleCheckpoint> stale(List<JobObservation> living, Map<JobID, ClusterJob> managed) {
        List<StaleCheckpoint> stale = new ArrayList<>();
        for (JobObservation job : living) {
            ClusterJob ours = managed.get(job.jobId());
            if (ours != null && !ours.hasEnded()) {
                checkpoints.note(job, ours.gateway());
                checkpoints.of(job).ifPresent(stale::add);
            }
        }
        return stale;
    }

    private void forgetAllBut(List<JobObservation> living) {
        states.keySet().retainAll(living.stream().map(JobObservation::jobId).collect(Collectors.toSet()));
        failures.retain(states.keySet());
        checkpoints.retain(states.keySet());
    }

    private void noteEnding(EndingCertificate ending) {
        if (warned.add(ending)) {
            tell(new CertificateEnding(
                    name(), time.now(), ending.node().number(), ending.kind().directory(), ending.until()));
        }
    }

    private void noteDeath(TaskManagerObservation taskManager) {
        if (taskManager.death().isPresent()
                && mourned.add(
                        taskManager.resourceId() + taskManager.death().get().at())) {
            var death = taskManager.death().get();
            died(death.at());
            tell(new TaskManagerLost(
                    name(),
                    time.now(),
                    taskManager.node().number(),
                    taskManager.resourceId(),
                    death.at(),
                    death.cause()));
        }
    }

    private void noteLoss(LostProcess lost) {
        if (mourned.add(lost.kind() + " " + lost.node() + lost.death().at())) {
            died(lost.death().at());
            tell(new ProcessLost(
                    name(),
                    time.now(),
                    lost.node().number(),
                    lost.kind().directory(),
                    lost.death().at(),
                    lost.death().cause()));
        }
    }

    private void died(Instant at) {
        lastDeath = Optional.of(Since.of(at, time));
        failures.noteDeath();
    }

    private void noteHang(HungProcess hung) {
        if (mourned.add("hung " + hung.kind() + " " + hung.node() + hung.since())) {
            tell(new ProcessHung(
                    name(), time.now(), hung.node().number(), hung.kind().directory(), hung.since(), hung.evidence()));
        }
    }

    /** Takes note of a living job; returns whether all of it runs. */
    private boolean note(JobObservation job, boolean managed, JobQuestions questions, Since began) {
        JobState state = states.get(job.jobId());
        if (state == null) {
            state = new JobState(lastAnswered);
            states.put(job.jobId(), state);
            if (!managed && !isBeingSubmitted(job.name())) {
                tell(new UnmanagedJobSeen(
                        name(), time.now(), job.name(), job.jobId().toHexString()));
            }
        }
        // What was started again had run, also between two looks, and also before the first.
        boolean restartedSince = job.taskRestarts() > state.taskRestarts;
        boolean stoppedSince = state.running && !job.allTasksRun();
        state.taskRestarts = job.taskRestarts();
        if (state.interrupted.isEmpty() && (restartedSince || stoppedSince)) {
            interrupted(job, state);
        }
        if (!state.running && job.allTasksRun()) {
            runs(job, questions.progress(job.jobId()), state);
        }
        state.seen = began;
        return job.allTasksRun();
    }

    /** If a TaskManager died since the last look, that is when the interruption began. */
    private void interrupted(JobObservation job, JobState state) {
        state.running = false;
        state.interrupted =
                Optional.of(lastDeath.filter(death -> death.isAfter(state.seen)).orElse(state.seen));
        tell(new JobInterrupted(
                name(),
                time.now(),
                job.name(),
                job.jobId().toHexString(),
                job.status().name()));
    }

    private void runs(JobObservation job, Optional<JobProgress> progress, JobState state) {
        Optional<Long> restored = progress.flatMap(JobProgress::restored);
        if (state.interrupted.isPresent() || restored.isPresent()) {
            returns.add(new Return(
                    job.jobId(),
                    progress.flatMap(JobProgress::latestCompleted),
                    new Reprocessed(job.name(), restored, span(state, progress))));
        }
        tell(new JobRunning(
                name(),
                time.now(),
                job.name(),
                job.jobId().toHexString(),
                restored,
                state.interrupted.map(since -> since.lasts(time))));
        state.running = true;
        state.interrupted = Optional.empty();
    }

    private boolean isBeingSubmitted(String jobName) {
        return cluster.jobs().all().stream().anyMatch(job -> job.name().value().equals(jobName));
    }

    /** Known as long as the restored checkpoint is the newest one of this JobManager. */
    private static Optional<Duration> span(JobState state, Optional<JobProgress> progress) {
        return progress.filter(known -> known.latestCompleted().equals(known.restored()))
                .flatMap(JobProgress::latestCompletedAt)
                .flatMap(completed ->
                        state.interrupted.map(interrupted -> Duration.between(completed, interrupted.at())))
                .filter(span -> !span.isNegative());
    }

    private String name() {
        return cluster.spec().name().value();
    }

    /**
     * What a look saw.
     *
     * @param epoch the epoch that ran when the look began
     * @param observation the observation
     * @param settled whether every living job runs with all its tasks
     * @param failing the living jobs that have failed, without a checkpoint since
     * @param stale the living jobs whose checkpoints fail
     * @param told the events that the look told
     * @param returns the jobs that were seen to run again
     * @param advanced those of the awaited jobs that have completed a checkpoint, or have ended
     */
    record Look(
            Optional<Epoch> epoch,
            ClusterObservation observation,
            boolean settled,
            List<RepeatedFailure> failing,
            List<StaleCheckpoint> stale,
            List<ClusterEvent> told,
            List<Return> returns,
            Set<JobID> advanced) {}

    /**
     * A job that runs again.
     *
     * @param jobId Flink's id of it
     * @param completed the newest checkpoint that it had completed then
     * @param reprocessed what it does twice
     */
    record Return(JobID jobId, Optional<Long> completed, Reprocessed reprocessed) {}
}
