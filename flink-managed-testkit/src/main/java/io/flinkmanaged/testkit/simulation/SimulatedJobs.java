package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;

/**
 * What Flink does in a simulated epoch: takes jobs, gives them slots, restarts them from their newest checkpoint when a
 * TaskManager is lost, and all of them when another JobManager leads. Belongs to its virtual time.
 */
final class SimulatedJobs implements JobGateway {

    private static final JobFailure POISON = JobFailure.of(
            Instant.EPOCH, "java.lang.IllegalStateException: a fault wants it\n\tat user.Job.read(Job.java:1)");
    private static final JobFailure CONNECTION_LOST =
            JobFailure.of(Instant.EPOCH, "RemoteTransportException: connection to a TaskManager lost");

    private final SimulatedEpoch epoch;
    private final SimulatedTime time;
    private final Pace pace;
    private final Map<JobID, SimulatedJob> jobs = new LinkedHashMap<>();
    private final Set<JobID> refused = new HashSet<>();
    private final List<CompletableFuture<Void>> unanswered = new ArrayList<>();
    private final Duration interval;
    private boolean gone;

    /**
     * Creates it, without a job.
     *
     * @param interval of jobs whose own configuration names none
     */
    SimulatedJobs(SimulatedEpoch epoch, Duration interval) {
        this.epoch = epoch;
        this.time = epoch.time();
        this.pace = new Pace(time);
        this.interval = interval;
    }

    // What is asked of Flink.

    @Override
    public CompletableFuture<Void> submit(JobSubmission submission) {
        return whenAnswers().thenCompose(unused -> later(pace.answer())).thenCompose(unused -> arrived(submission));
    }

    @Override
    public CompletableFuture<JobEnd> whenEnded(JobID jobId) {
        // Whoever waits for an end waits through the times in which nobody answers.
        SimulatedJob job = jobs.get(jobId);
        return job == null
                ? ask(jobId, known -> known).thenCompose(SimulatedJob::end)
                : job.end().copy();
    }

    @Override
    public JobClient client(JobID jobId, ClassLoader classLoader) {
        return new SimulatedJobClient(jobId, this);
    }

    @Override
    public CompletableFuture<Long> checkpoint(JobID jobId) {
        return ask(jobId, Function.identity()).thenCompose(this::checkpointNow);
    }

    @Override
    public CompletableFuture<JobObservation> observe(JobID jobId) {
        return ask(jobId, job -> job.observed(time.ticks()));
    }

    @Override
    public CompletableFuture<JobProgress> progress(JobID jobId) {
        return ask(jobId, SimulatedJob::progress);
    }

    @Override
    public CompletableFuture<List<JobFailure>> failures(JobID jobId) {
        return ask(jobId, SimulatedJob::failures);
    }

    CompletableFuture<Void> cancel(JobID jobId) {
        return ask(jobId, Function.identity())
                .thenCompose(job -> later(pace.answer()).thenApply(unused -> {
                    end(job, new JobEnd(JobStatus.CANCELED, Optional.empty()));
                    return null;
                }));
    }

    /** Takes a savepoint; stops the job with it, if wanted. */
    CompletableFuture<String> savepoint(JobID jobId, Optional<String> directory, boolean stop) {
        return ask(jobId, Function.identity()).thenCompose(job -> {
            SimulatedJob.Point point = job.nextSavepoint(directory);
            return write(job, point, stop ? SimulatedPoints.STOP : SimulatedPoints.SAVEPOINT)
                    .thenApply(unused -> {
                        if (stop) {
                            job.stoppedWith(point.uri());
                            end(job, new JobEnd(JobStatus.FINISHED, Optional.empty()));
                        }
                        return point.uri();
                    });
        });
    }

    List<JobObservation> observed() {
        return jobs.values().stream().map(job -> job.observed(time.ticks())).toList();
    }

    /** Completes when a JobManager answers; fails when none ever will. */
    CompletableFuture<Void> whenAnswers() {
        if (gone) {
            return CompletableFuture.failedFuture(new IllegalStateException("The epoch is gone."));
        }
        if (epoch.answers()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> question = new CompletableFuture<>();
        unanswered.add(question);
        return question;
    }

    // What happens.

    /** A JobManager answers again, or for the first time. */
    void answersAgain() {
        List<CompletableFuture<Void>> questions = List.copyOf(unanswered);
        unanswered.clear();
        questions.forEach(question -> question.complete(null));
    }

    /** Nobody leads: tasks do not outlive their job's master. */
    void leaderIsLost() {
        living().forEach(SimulatedJob::takenOver);
    }

    /**
     * Another one leads and reads what the former left behind.
     *
     * @throws IOException if that cannot be read
     */
    void leaderIsElected() throws IOException {
        for (SimulatedJob job : living()) {
            SimulatedPoints.requireReachable(job.restoresFrom().orElse(job.checkpointsUri()));
        }
        living().forEach(job -> deployLater(job, JobStatus.INITIALIZING));
    }

    /** A TaskManager works again, is silent, or is dead. */
    void note(SimulatedProcess taskManager) {
        if (taskManager.works()) {
            living().stream()
                    .filter(job -> !job.runs() && epoch.hasLeader())
                    .forEach(job -> deployLater(job, job.status()));
            return;
        }
        for (SimulatedJob job : living()) {
            if (job.runsOn(taskManager)) {
                int run = job.run();
                TimeSource.Cancellable unused = time.delay(pace.heartbeat(), () -> {
                    if (job.run() == run && !job.hasEnded()) {
                        failAndRestart(job, CONNECTION_LOST);
                    }
                });
            }
        }
    }

    /** A job reads a record at which it fails, as it will in each later run. */
    void poisoned(SimulatedJob job) {
        int run = job.run();
        TimeSource.Cancellable unused = time.delay(pace.poison(), () -> {
            if (job.run() == run && job.isWhole()) {
                failAndRestart(job, POISON);
            }
        });
    }

    private void failAndRestart(SimulatedJob job, JobFailure like) {
        job.fails(new JobFailure(time.now(), like.fingerprint(), like.ofInfrastructure()));
        deployLater(job, JobStatus.RESTARTING);
    }

    /** Every process is dead: who asks is not answered any more. */
    void epochIsGone() {
        gone = true;
        IllegalStateException why = new IllegalStateException("The epoch is gone.");
        List<CompletableFuture<Void>> questions = List.copyOf(unanswered);
        unanswered.clear();
        questions.forEach(question -> question.completeExceptionally(why));
        for (SimulatedJob job : living()) {
            job.takenOver();
            job.end().completeExceptionally(why);
        }
    }

    /** A job fails as its own code makes it fail. */
    void fail(SimulatedJob job, Throwable cause) {
        end(job, new JobEnd(JobStatus.FAILED, Optional.of(cause)));
    }

    List<SimulatedJob> living() {
        return jobs.values().stream().filter(job -> !job.hasEnded()).toList();
    }

    private CompletableFuture<Void> arrived(JobSubmission submission) {
        if (!epoch.answers()) {
            return submit(submission);
        }
        epoch.deeds().submitted(epoch.cluster(), epoch.id(), submission);
        if (refused.contains(submission.jobId())) {
            return refuse(submission, new IllegalStateException("it refused the job before"));
        }
        if (!jobs.containsKey(submission.jobId())) {
            SimulatedJob job = new SimulatedJob(submission, epoch.workloadOf(submission.name()));
            try {
                SimulatedPoints.requireReachable(job.checkpointsUri());
            } catch (IOException e) {
                return refuse(submission, e);
            }
            jobs.put(job.id(), job);
            deployLater(job, JobStatus.INITIALIZING);
        }
        return epoch.troubles().losesThisAnswer()
                ? CompletableFuture.failedFuture(new IOException("connection reset"))
                : CompletableFuture.completedFuture(null);
    }

    /** As Flink does: never takes the id again. */
    private CompletableFuture<Void> refuse(JobSubmission submission, Exception why) {
        refused.add(submission.jobId());
        return CompletableFuture.failedFuture(new JobRefusedException(
                "job \"" + submission.name() + "\": refused (expected: accepted). Flink says: " + why, why));
    }

    private void deployLater(SimulatedJob job, JobStatus meanwhile) {
        job.interrupted(meanwhile);
        int run = job.run();
        TimeSource.Cancellable unused = time.delay(pace.deployment(), () -> {
            if (job.run() == run && !job.hasEnded()) {
                deploy(job);
            }
        });
    }

    private void deploy(SimulatedJob job) {
        List<SimulatedProcess> slots = freeSlots();
        if (!epoch.hasLeader() || slots.size() < job.workload().slots()) {
            // Whatever changes that tries again.
            return;
        }
        Optional<SimulatedPoints.Restored> from = Optional.empty();
        try {
            if (job.restoresFrom().isPresent()) {
                from = Optional.of(SimulatedPoints.restore(job.restoresFrom().get()));
            }
        } catch (IOException e) {
            deployLater(job, JobStatus.RESTARTING);
            return;
        }
        job.begins(slots.subList(0, job.workload().slots()), from, time.ticks());
        checkpointLater(job, job.run());
        finishLater(job, job.run());
        if (epoch.troubles().poisons(job.submission().name())) {
            poisoned(job);
        }
    }

    private List<SimulatedProcess> freeSlots() {
        List<SimulatedProcess> free = new ArrayList<>();
        epoch.nodes().all(Kind.TASK_MANAGER).filter(SimulatedProcess::works).forEach(taskManager -> {
            long used =
                    living().stream().mapToLong(job -> job.tasksOn(taskManager)).sum();
            for (long slot = used; slot < epoch.slotsOfTaskManager(); slot++) {
                free.add(taskManager);
            }
        });
        return free;
    }

    private void finishLater(SimulatedJob job, int run) {
        if (job.workload().numbers() == Long.MAX_VALUE) {
            return;
        }
        TimeSource.Cancellable unused = time.delay(Duration.ofNanos(job.takesNanos()), () -> {
            if (job.run() == run && job.isWhole()) {
                end(job, new JobEnd(JobStatus.FINISHED, Optional.empty()));
            }
        });
    }

    private void end(SimulatedJob job, JobEnd how) {
        if (job.hasEnded()) {
            return;
        }
        job.ends(how, time.ticks());
        epoch.ended(job);
        living().stream()
                .filter(waiting -> !waiting.runs() && epoch.hasLeader())
                .forEach(waiting -> deployLater(waiting, waiting.status()));
    }

    private void checkpointLater(SimulatedJob job, int run) {
        TimeSource.Cancellable unused = time.delay(job.interval().orElse(interval), () -> {
            if (job.run() == run && !job.hasEnded()) {
                CompletableFuture<Void> unusedNext = checkpointNow(job).handle((number, failure) -> {
                    checkpointLater(job, run);
                    return null;
                });
            }
        });
    }

    private CompletableFuture<Long> checkpointNow(SimulatedJob job) {
        SimulatedJob.Point point = job.nextCheckpoint();
        return write(job, point, SimulatedPoints.CHECKPOINT).thenApply(unused -> {
            job.keep(point).forEach(SimulatedJobs::delete);
            return point.number();
        });
    }

    /** First the state, a while later what makes a point of it, unless its job was interrupted in between. */
    private CompletableFuture<Void> write(SimulatedJob job, SimulatedJob.Point point, CheckpointProperties properties) {
        int run = job.run();
        try {
            requireWhole(job, run);
            SimulatedPoints.writeState(point.uri(), job.counted(time.ticks()));
        } catch (IOException e) {
            return checkpointFailed(job, e);
        }
        return later(pace.checkpoint()).thenCompose(unused -> {
            try {
                requireWhole(job, run);
                SimulatedPoints.complete(point.uri(), point.number(), properties);
                epoch.deeds().completed(epoch.cluster(), job.id(), point.uri());
                return CompletableFuture.completedFuture(null);
            } catch (IOException e) {
                return checkpointFailed(job, e);
            }
        });
    }

    private static CompletableFuture<Void> checkpointFailed(SimulatedJob job, IOException cause) {
        job.checkpointFailed();
        return CompletableFuture.failedFuture(cause);
    }

    private void requireWhole(SimulatedJob job, int run) throws IOException {
        if (job.run() != run || !job.isWhole() || !epoch.hasLeader()) {
            throw new IOException("not all tasks run");
        }
    }

    private static void delete(SimulatedJob.Point point) {
        try {
            SimulatedPoints.delete(point.uri());
        } catch (IOException e) {
            // As with Flink: what cannot be deleted now stays, which costs space and no more.
            return;
        }
    }

    private <T> CompletableFuture<T> ask(JobID jobId, Function<SimulatedJob, T> question) {
        if (!epoch.answers()) {
            return CompletableFuture.failedFuture(new IOException("no JobManager answers"));
        }
        SimulatedJob job = jobs.get(jobId);
        return job == null
                ? CompletableFuture.failedFuture(new IllegalArgumentException("Flink does not know the job " + jobId))
                : CompletableFuture.completedFuture(question.apply(job));
    }

    private CompletableFuture<Void> later(Duration delay) {
        CompletableFuture<Void> then = new CompletableFuture<>();
        TimeSource.Cancellable unused = time.delay(delay, () -> then.complete(null));
        return then;
    }
}
