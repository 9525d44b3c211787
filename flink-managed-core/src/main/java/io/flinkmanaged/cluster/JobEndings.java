package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobEnd;
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

/**
 * Waits for the ends of attempts, and records each before anybody is told. Thread-safe.
 *
 * <p>Flink calls a job FINISHED that was stopped with a savepoint, too. Which of the two it was is asked, as long as its
 * epoch lives; after that, the storage tells: a job that was stopped must not begin with an empty state the next time.
 */
final class JobEndings {

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
        if (held.contains(attempt.jobId())) {
            return;
        }
        boolean clustersDoing = lettingGo.contains(attempt.id().epoch()) && end.status() != JobStatus.FINISHED;
        if (clustersDoing || !job.isCurrent(attempt) || job.isOver(attempt) || !job.beginEnding()) {
            return;
        }
        Ending ending = new Ending(job, attempt, gateway, end);
        if (end.status() == JobStatus.FAILED && !isToBeCancelled(attempt)) {
            haveRuled(ending);
        } else {
            isOver(ending);
        }
    }

    /** Whoever wanted the job cancelled does not want it begun again. */
    private boolean isToBeCancelled(JobAttempt attempt) {
        try {
            return store.isToBeCancelled(attempt);
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
            tellTrouble("learning how job \"" + ending.name() + "\" ended", String.valueOf(e.getMessage()));
            later(RECORD_AGAIN_AFTER, () -> learn(ending));
            return;
        }
        if (savepoint.isEmpty()) {
            tellTrouble(
                    "learning how job \"" + ending.name() + "\" ended",
                    "its epoch was lost before Flink told whether it was stopped with a savepoint; none is in "
                            + store.savepointsUri(
                                    ending.job().name(), ending.attempt().id())
                            + ", so it counts as finished. If it was stopped with one elsewhere, submit it with "
                            + "StartingPoint.at(…)");
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
        ending.job().ended(end, resultOf(ending.job()));
    }

    private void later(Duration pause, Runnable step) {
        TimeSource.Cancellable unused =
                services.time().delay(pause, () -> services.time().blocking().execute(step));
    }

    private void tellTrouble(String operation, String reason) {
        services.events()
                .accept(new OperationFailed(cluster.value(), services.time().now(), operation, reason));
    }

    private static CompletableFuture<JobExecutionResult> resultOf(ClusterJob job) {
        try {
            return job.client().getJobExecutionResult();
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

    /** An end that Flink told. */
    private record Ending(ClusterJob job, JobAttempt attempt, JobGateway gateway, JobEnd end) {

        String name() {
            return job.name().value();
        }
    }
}
