package io.flinkmanaged.cluster;

import io.flinkmanaged.cluster.AttemptSubmission.Parts;
import io.flinkmanaged.event.ClusterEvent.JobNotRecovered;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.RecoveryChoice;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobStatus;

/**
 * Continues the jobs of a lost epoch, each on its own account: one that fails is tried again by itself, and one that
 * cannot be continued is given up by itself.
 *
 * <p>{@link #recover} belongs on the cluster's lane; the rest may be called from any thread.
 */
final class LostJobRecovery {

    private final ClusterName cluster;
    private final ClusterServices services;
    private final TimeSource time;
    private final JobStore store;
    private final LastAttempts lastAttempts;
    private final AttemptSubmission attempts;
    private final Closing closing;
    private final Path fetchedJars;
    private final Map<JobName, RecoveryBudget> budgets = new ConcurrentHashMap<>();
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

    LostJobRecovery(
            ClusterName cluster,
            ClusterServices services,
            JobStore store,
            LastAttempts lastAttempts,
            AttemptSubmission attempts,
            Closing closing) {
        this.cluster = cluster;
        this.services = services;
        this.time = services.time();
        this.store = store;
        this.lastAttempts = lastAttempts;
        this.attempts = attempts;
        this.closing = closing;
        this.fetchedJars = services.directory().resolve("fetched-jars");
    }

    /** Tells which of some jobs do not run in an epoch, and what becomes of them. */
    LostJobs among(Collection<ClusterJob> jobs, RunningEpoch running) {
        long now = time.ticks();
        Set<String> due = new TreeSet<>();
        Set<String> waiting = new TreeSet<>();
        jobs.stream().filter(job -> job.isLostTo(running.epoch())).forEach(job -> {
            boolean mayTry = budgetOf(job).allows(now);
            boolean unused = (mayTry ? due : waiting).add(job.name().value());
        });
        return new LostJobs(due, waiting, givenUp);
    }

    /**
     * Submits each of some jobs that does not run in an epoch and is due, from its newest complete point; those that
     * failed least come first, and of those that failed as often the ones of the highest priority. What fails is told as an event, and holds up no other. Stops between two jobs when the
     * cluster is being closed.
     *
     * @throws ManagedFlinkException if another library instance has taken over
     */
    void recover(Collection<ClusterJob> jobs, RunningEpoch running) {
        long now = time.ticks();
        List<ClusterJob> due = jobs.stream()
                .filter(job -> job.isLostTo(running.epoch()) && budgetOf(job).allows(now))
                .sorted(Comparator.<ClusterJob>comparingInt(job -> budgetOf(job).failures())
                        .thenComparing(ClusterJob::priority, Comparator.reverseOrder()))
                .toList();
        for (ClusterJob job : due) {
            if (closing.hasBegun()) {
                return;
            }
            services.ensureMayAct().run();
            tryToRecover(job, running);
        }
    }

    /** Forgets every failure: an epoch ends, and the next one may take what this one did not. */
    void beginAnew() {
        budgets.clear();
    }

    /** Has a job wait before it is continued. */
    void pause(ClusterJob job, Duration pause) {
        budgets.put(job.name(), RecoveryBudget.pausing(time.ticks(), pause));
    }

    /** Forgets what became of a job: it was submitted anew. */
    void forget(JobName job) {
        budgets.remove(job);
        givenUp.remove(job.value());
    }

    /** Tells, once, that a job cannot be continued. */
    void tellGivenUp(String job, ManagedFlinkException cause) {
        if (givenUp.add(job)) {
            services.events()
                    .accept(new JobNotRecovered(cluster.value(), time.now(), job, String.valueOf(cause.getMessage())));
        }
    }

    private void tryToRecover(ClusterJob job, RunningEpoch running) {
        try {
            recover(job, running);
            budgets.remove(job.name());
        } catch (JobRefusedException e) {
            refused(job, e);
        } catch (RuntimeException e) {
            if (e instanceof ManagedFlinkException known && !known.isRetryable()) {
                giveUp(job, known);
            } else {
                tryLater(job, budgetOf(job).afterFailure(time.ticks()), e);
            }
        }
    }

    private void refused(ClusterJob job, JobRefusedException refusal) {
        RecoveryBudget left = budgetOf(job).afterRefusal(time.ticks());
        if (!left.isSpent()) {
            tryLater(job, left, refusal);
            return;
        }
        giveUp(
                job,
                new ManagedFlinkException(
                        Code.JOB_FAILED,
                        cluster.value(),
                        "job \"" + job.name() + "\": given up after " + left.refusals()
                                + " refusals (expected: accepted). Remove the cause and submit it again; its state "
                                + "is kept: " + refusal.getMessage(),
                        refusal));
    }

    private void giveUp(ClusterJob job, ManagedFlinkException cause) {
        budgets.remove(job.name());
        tellGivenUp(job.name().value(), cause);
        job.ended(new JobEnd(JobStatus.FAILED, Optional.of(cause)), CompletableFuture.failedFuture(cause));
    }

    private void tryLater(ClusterJob job, RecoveryBudget left, RuntimeException failure) {
        budgets.put(job.name(), left);
        services.events()
                .accept(new OperationFailed(
                        cluster.value(),
                        time.now(),
                        "continuing job \"" + job.name() + "\"",
                        failure instanceof ManagedFlinkException
                                ? String.valueOf(failure.getMessage())
                                : Failures.rootCause(failure)));
    }

    private RecoveryBudget budgetOf(ClusterJob job) {
        return budgets.getOrDefault(job.name(), RecoveryBudget.WHOLE);
    }

    /** Submits a job from its newest complete point; what fails is thrown. */
    void recover(ClusterJob job, RunningEpoch running) {
        JobAttempt last = lastAttempts
                .of(job.name())
                .orElseThrow(() -> new StorageException(
                        "job \"" + job.name() + "\": has no attempt in the storage (expected: the one that was found "
                                + "there). It was emptied, or is not mounted: bring its content back.",
                        null));
        Optional<AttemptEnd> end = store.endOf(last);
        if (end.isPresent() && end.get().kind() != Kind.NOT_STARTED) {
            job.endedBefore(end.get().kind(), last.jobId());
            return;
        }
        boolean mayBeHere = last.id().epoch().equals(running.epoch()) && end.isEmpty() && !job.isOver(last);
        boolean toBeCancelled = end.isEmpty() && store.notes().isToBeCancelled(last);
        if (toBeCancelled && !mayBeHere) {
            store.end(last, AttemptEnd.of(Kind.CANCELED));
            job.endedBefore(Kind.CANCELED, last.jobId());
            return;
        }
        Parts parts = new Parts(last.artifact(), store.artifacts().plan(last.artifact()), jarsOf(job, last));
        if (mayBeHere) {
            attempts.again(job, last, parts, running);
            if (toBeCancelled) {
                // Nobody knew whether Flink had it. Now it has, and its end will be recorded as any other.
                CompletableFuture<Void> unused = job.client().cancel();
            }
            return;
        }
        RecoveryChoice choice = RecoveryChoice.of(store, Optional.of(last), StartingPoint.latest());
        attempts.next(job, parts, choice, running, Optional.of(last));
    }

    /** Only a cluster within this JVM sees what this JVM's Flink sees. */
    private List<Path> jarsOf(ClusterJob job, JobAttempt last) {
        boolean withinThisJvm = services.launcher().place().isEmpty();
        return job.onFlinkClassPath() && withinThisJvm
                ? List.of()
                : store.artifacts().fetchJars(last.artifact(), Directories.create(fetchedJars));
    }
}
