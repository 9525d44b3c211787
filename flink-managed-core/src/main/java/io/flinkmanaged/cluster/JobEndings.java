package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobForgottenException;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the ends of attempts, and records each before anybody is told. Thread-safe.
 *
 * <p>Flink calls a job FINISHED that was stopped with a savepoint, too. Which of the two it was is asked, as long as its
 * epoch lives; after that, the storage tells: a job that was stopped must not begin with an empty state the next time.
 *
 * <p>An end that a note beside the attempt calls a halt is not the job's, whichever process learns of it: another attempt
 * follows.
 */
final class JobEndings {

    private static final Logger LOG = LoggerFactory.getLogger(JobEndings.class);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration RECORD_AGAIN_AFTER = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final ClusterName cluster;
    private final JobStore store;
    private final ClusterServices services;
    private final FailedJobs failed;
    private final BiConsumer<ClusterJob, Duration> pause;
    private final Set<Epoch> lettingGo = ConcurrentHashMap.newKeySet();
    /** The jobs that the cluster itself is about to end: their ends are nobody's news. */
    private final Set<JobID> held = ConcurrentHashMap.newKeySet();
    /** The ends that Flink told and that are not recorded yet, with what is known of them. */
    private final Map<Ending, Optional<AttemptEnd>> open = new ConcurrentHashMap<>();

    /**
     * Creates it.
     *
     * @param cluster whose jobs they are
     * @param store where ends are recorded
     * @param services time, threads and events
     * @param failed has ruled what becomes of jobs that Flink has given up
     * @param pause has a job that is begun again wait for a while
     */
    JobEndings(
            ClusterName cluster,
            JobStore store,
            ClusterServices services,
            FailedJobs failed,
            BiConsumer<ClusterJob, Duration> pause) {
        this.cluster = cluster;
        this.store = store;
        this.services = services;
        this.failed = failed;
        this.pause = pause;
    }

    /** From now on, an end of an epoch's jobs is the cluster's doing: it does not count, unless they finished. */
    void letGo(Epoch epoch) {
        lettingGo.add(epoch);
    }

    /** From now on, the end of an attempt is the cluster's doing, whatever it is. */
    void hold(JobAttempt attempt) {
        held.add(attempt.jobId());
    }

    /** The attempt was not ended by the cluster after all: what comes or has come of it counts. */
    void release(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        held.remove(attempt.jobId());
        watch(job, attempt, gateway);
    }

    /** Waits for an attempt's end, as long as it is the job's current one. */
    void watch(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        CompletableFuture<JobEnd> unused = gateway.whenEnded(attempt.jobId()).whenComplete((end, failure) -> {
            if (failure == null) {
                services.time().blocking().execute(() -> ended(job, attempt, gateway, end));
            } else if (Failures.unwrap(failure) instanceof JobForgottenException) {
                services.time().blocking().execute(() -> forgotten(job, attempt, gateway));
            } else if (job.isCurrent(attempt) && !job.hasEnded()) {
                // The epoch was lost, and the job gets another attempt; or an answer was, and the job still runs.
                TimeSource.Cancellable unusedRetry =
                        services.time().delay(ASK_AGAIN_AFTER, () -> watch(job, attempt, gateway));
            }
        });
    }

    /**
     * Records, as far as the storage answers, the ends of an epoch's jobs that Flink told and did not explain; called when
     * it cannot explain them any more.
     */
    void conclude(Epoch epoch) {
        open.forEach((ending, known) -> {
            if (ending.attempt().id().epoch().equals(epoch)) {
                known.ifPresentOrElse(end -> record(ending, end), () -> learn(ending));
            }
        });
    }

    private void ended(ClusterJob job, JobAttempt attempt, JobGateway gateway, JobEnd end) {
        boolean clustersDoing = lettingGo.contains(attempt.id().epoch()) && end.status() != JobStatus.FINISHED;
        if (clustersDoing || !beginEnding(job, attempt)) {
            return;
        }
        Ending ending = new Ending(job, attempt, gateway, end, false);
        if (end.status() == JobStatus.FAILED && !isToBeCancelled(attempt)) {
            haveRuled(ending);
        } else {
            isOver(ending);
        }
    }

    private boolean beginEnding(ClusterJob job, JobAttempt attempt) {
        return !held.contains(attempt.jobId()) && job.isCurrent(attempt) && !job.isOver(attempt) && job.beginEnding();
    }

    /** The storage tells how it ended; a job of which it shows no end goes on as one that was lost. */
    private void forgotten(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        if (!lettingGo.contains(attempt.id().epoch()) && beginEnding(job, attempt)) {
            searchEnd(job, attempt, gateway);
        }
    }

    private void searchEnd(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        if (job.hasEnded()) {
            return;
        }
        try {
            store.endShown(attempt)
                    .ifPresentOrElse(
                            end -> recordShown(job, attempt, gateway, end), () -> continueForgotten(job, attempt));
        } catch (RuntimeException e) {
            tellTrouble(learning(job), String.valueOf(e.getMessage()));
            later(RECORD_AGAIN_AFTER, () -> searchEnd(job, attempt, gateway));
        }
    }

    private void continueForgotten(ClusterJob job, JobAttempt attempt) {
        tellTrouble(
                learning(job),
                "Flink does not know it any more, and the storage shows no end of it, so it is continued from its newest "
                        + "complete point. If it was ended past this library, cancel it here");
        job.over(attempt);
        job.continues();
    }

    private void recordShown(ClusterJob job, JobAttempt attempt, JobGateway gateway, AttemptEnd end) {
        if (end.kind() == Kind.FINISHED) {
            tellTrouble(
                    learning(job),
                    "Flink does not know it any more; its checkpoints are gone, as Flink deletes those of a job that has "
                            + "finished, and " + noSavepointOf(job, attempt));
        }
        JobStatus status = end.kind() == Kind.CANCELED ? JobStatus.CANCELED : JobStatus.FINISHED;
        Ending ending = new Ending(job, attempt, gateway, new JobEnd(status, Optional.empty()), true);
        open.put(ending, Optional.of(end));
        record(ending, end);
    }

    private static String learning(ClusterJob job) {
        return "learning how job \"" + job.name() + "\" ended";
    }

    private String noSavepointOf(ClusterJob job, JobAttempt attempt) {
        return "no savepoint of a stop is in " + store.savepointsUri(job.name(), attempt.id())
                + ", so it counts as finished. If it was stopped with one elsewhere, submit it with StartingPoint.at(…)";
    }

    /** Whoever wanted the job cancelled does not want it begun again. */
    private boolean isToBeCancelled(JobAttempt attempt) {
        try {
            return store.notes().isToBeCancelled(attempt);
        } catch (RuntimeException e) {
            // Asked again before the next attempt begins.
            return false;
        }
    }

    private void haveRuled(Ending ending) {
        FailedJob known = failed.note(ending.job(), ending.end());
        CompletableFuture<Void> unused = failed.rule(known)
                .thenAccept(ruling -> services.time().blocking().execute(() -> follow(ruling, ending, known)));
    }

    private void follow(Ruling ruling, Ending ending, FailedJob known) {
        if (ruling instanceof Ruling.BeginAgain again) {
            ending.job().over(ending.attempt());
            pause.accept(ending.job(), FailedJobs.pause(again, known));
            ending.job().continues();
            failed.begunAgain(known);
        } else if (ruling instanceof Ruling.Failed) {
            isOver(ending);
        }
        // Left open, it is neither recorded nor told.
    }

    private void isOver(Ending ending) {
        open.put(ending, Optional.empty());
        learn(ending);
    }

    /** Finds out how it ended, and records it. */
    private void learn(Ending ending) {
        if (!open.containsKey(ending)) {
            return;
        }
        Optional<AttemptEnd> told = asFlinkTells(ending);
        if (told.isPresent()) {
            record(ending, told.get());
        } else if (lettingGo.contains(ending.attempt().id().epoch())) {
            learnFromStorage(ending);
        } else {
            later(ASK_AGAIN_AFTER, () -> learn(ending));
        }
    }

    private void learnFromStorage(Ending ending) {
        Optional<String> savepoint;
        try {
            savepoint = store.stopSavepoint(ending.attempt());
        } catch (RuntimeException e) {
            tellTrouble(learning(ending.job()), String.valueOf(e.getMessage()));
            later(RECORD_AGAIN_AFTER, () -> learn(ending));
            return;
        }
        if (savepoint.isEmpty()) {
            tellTrouble(
                    learning(ending.job()),
                    "its epoch was lost before Flink told whether it was stopped with a savepoint; "
                            + noSavepointOf(ending.job(), ending.attempt()));
        }
        record(ending, endWith(savepoint));
    }

    /** Writes the end, however long that takes: until then, the next process would run the job once more. */
    private void record(Ending ending, AttemptEnd end) {
        // Whatever was known first is written, however often that is tried.
        if (open.computeIfPresent(ending, (ignored, known) -> known.isPresent() ? known : Optional.of(end)) == null) {
            return;
        }
        try {
            if (isHalt(ending.attempt(), end)) {
                goesOn(ending, end);
                return;
            }
            store.end(ending.attempt(), end);
        } catch (RuntimeException e) {
            tellTrouble("recording the end of job \"" + ending.name() + "\"", String.valueOf(e.getMessage()));
            later(RECORD_AGAIN_AFTER, () -> record(ending, end));
            return;
        }
        if (open.remove(ending) != null) {
            tell(ending);
        }
    }

    /** Whoever wanted the job cancelled does not want it continued. */
    private boolean isHalt(JobAttempt attempt, AttemptEnd end) {
        return store.notes().isHalt(attempt, end) && !store.notes().isToBeCancelled(attempt);
    }

    /** Who halted it did not live to continue it, or was closed or not answered meanwhile. */
    private void goesOn(Ending ending, AttemptEnd end) {
        if (open.remove(ending) != null) {
            LOG.info(
                    "[{}] Job \"{}\", {}: {} for a change of its cluster. It is continued.",
                    cluster,
                    ending.name(),
                    ending.attempt().id(),
                    end.kind());
            ending.job().over(ending.attempt());
            ending.job().continues();
        }
    }

    private void tell(Ending ending) {
        JobEnd end = ending.end();
        services.events()
                .accept(new JobEnded(
                        cluster.value(),
                        services.time().now(),
                        ending.name(),
                        ending.attempt().jobId().toHexString(),
                        end.status().name(),
                        end.cause().map(Failures::rootCause)));
        ending.job().ended(end, resultOf(ending));
    }

    private void later(Duration pause, Runnable step) {
        TimeSource.Cancellable unused =
                services.time().delay(pause, () -> services.time().blocking().execute(step));
    }

    private void tellTrouble(String operation, String reason) {
        services.events()
                .accept(new OperationFailed(cluster.value(), services.time().now(), operation, reason));
    }

    private static CompletableFuture<JobExecutionResult> resultOf(Ending ending) {
        if (ending.forgotten() && ending.end().status() == JobStatus.FINISHED) {
            return CompletableFuture.completedFuture(
                    new JobExecutionResult(ending.attempt().jobId(), 0, Map.of()));
        }
        try {
            return ending.job().client().getJobExecutionResult();
        } catch (RuntimeException e) {
            // The epoch has gone in between; with it the accumulators.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Empty if Flink does not answer, which is not the same as an answer that there is no savepoint. */
    private Optional<AttemptEnd> asFlinkTells(Ending ending) {
        JobStatus status = ending.end().status();
        if (status == JobStatus.FAILED) {
            return Optional.of(AttemptEnd.of(Kind.FAILED));
        }
        if (status == JobStatus.CANCELED) {
            return Optional.of(AttemptEnd.of(Kind.CANCELED));
        }
        try {
            // Whoever stopped it, by our call, Flink's client or REST: Flink knows the savepoint.
            CompletableFuture<JobProgress> progress =
                    ending.gateway().progress(ending.attempt().jobId());
            return services.time().await(progress, ANSWER_WITHIN)
                    ? Optional.of(endWith(progress.join().stoppedWith()))
                    : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static AttemptEnd endWith(Optional<String> savepoint) {
        return savepoint.isPresent() ? new AttemptEnd(Kind.STOPPED, savepoint) : AttemptEnd.of(Kind.FINISHED);
    }

    /**
     * An end that Flink told, or has forgotten and the storage shows.
     *
     * @param forgotten so that Flink cannot be asked for a result: its accumulators are lost
     */
    private record Ending(ClusterJob job, JobAttempt attempt, JobGateway gateway, JobEnd end, boolean forgotten) {

        String name() {
            return job.name().value();
        }
    }
}
