package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.CheckpointPassedOver;
import io.flinkmanaged.event.ClusterEvent.JobSubmitted;
import io.flinkmanaged.flink.KeptPlan;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.Artifact;
import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.RecoveryChoice;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.RpcOptions;
import org.jspecify.annotations.Nullable;

/**
 * Hands attempts to Flink: the record first, then the submission, then the watch over its end.
 *
 * <p>A submission that was not answered may have arrived. Its attempt then stays as it is, neither ended nor accepted,
 * and is submitted again under the same id, of which Flink takes one.
 */
final class AttemptSubmission {

    private static final int ACCEPTED_WITHIN_SECONDS = 150;

    private final ClusterName cluster;
    private final ClusterServices services;
    private final JobStore store;
    private final LastAttempts lastAttempts;
    private final JobEndings endings;
    private final RefusedAttempts refused;
    private final CheckpointWitness witness;
    private final StateFileWatch stateFiles;
    private final Closing closing;

    AttemptSubmission(
            ClusterName cluster,
            ClusterServices services,
            JobStore store,
            LastAttempts lastAttempts,
            JobEndings endings,
            RefusedAttempts refused,
            Closing closing) {
        this.cluster = cluster;
        this.services = services;
        this.store = store;
        this.lastAttempts = lastAttempts;
        this.endings = endings;
        this.refused = refused;
        this.closing = closing;
        this.witness = new CheckpointWitness(store, services.time());
        this.stateFiles = new StateFileWatch(store, services);
    }

    /** Begins a new attempt; if Flink refuses it, that is recorded as its end. */
    void first(ClusterJob job, Parts parts, RecoveryChoice choice, RunningEpoch running, Optional<JobAttempt> last) {
        JobAttempt attempt = begin(job, parts, choice, running, last);
        try {
            submit(job, attempt, parts, running);
        } catch (JobRefusedException e) {
            refused.record(attempt, e);
            throw e;
        }
    }

    /** Begins the attempt that continues a lost one; it stays open, even if it is refused, so that nobody forgets the job. */
    void next(ClusterJob job, Parts parts, RecoveryChoice choice, RunningEpoch running, Optional<JobAttempt> last) {
        submit(job, begin(job, parts, choice, running, last), parts, running);
    }

    /**
     * Submits an attempt again of which nobody knows whether Flink has it. One that has run is only watched: if Flink has
     * forgotten it, it would run once more from where it began.
     */
    void again(ClusterJob job, JobAttempt attempt, Parts parts, RunningEpoch running) {
        if (store.hasRun(attempt)) {
            job.consistsOf(parts.plan());
            accepted(job, attempt, running.launched().jobs());
        } else {
            submit(job, attempt, parts, running);
        }
    }

    private JobAttempt begin(
            ClusterJob job, Parts parts, RecoveryChoice choice, RunningEpoch running, Optional<JobAttempt> last) {
        choice.passedOver().forEach(defect -> services.events()
                .accept(new CheckpointPassedOver(
                        cluster.value(), services.time().now(), job.name().value(), defect)));
        AttemptId id = ClusterJob.next(last, running.epoch());
        JobAttempt attempt = new JobAttempt(
                job.name(),
                id,
                id.jobId(cluster, job.name()),
                choice.point(),
                parts.artifact(),
                job.priority(),
                services.time().now());
        lastAttempts.begin(attempt);
        return attempt;
    }

    private void submit(ClusterJob job, JobAttempt attempt, Parts parts, RunningEpoch running) {
        JobGateway gateway = running.launched().jobs();
        job.consistsOf(parts.plan());
        try {
            await(job, gateway.submit(submission(job, attempt, parts, running)));
        } catch (JobRefusedException e) {
            // Flink never takes an id again that it has refused once.
            job.over(attempt);
            throw e;
        } catch (ManagedFlinkException e) {
            job.unanswered(attempt, gateway);
            throw e;
        }
        accepted(job, attempt, gateway);
    }

    private void accepted(ClusterJob job, JobAttempt attempt, JobGateway gateway) {
        job.runs(attempt, gateway);
        services.events()
                .accept(new JobSubmitted(
                        cluster.value(),
                        services.time().now(),
                        job.name().value(),
                        attempt.jobId().toHexString(),
                        attempt.id().toString(),
                        attempt.startingPoint()));
        endings.watch(job, attempt, gateway);
        witness.watch(job, attempt, gateway);
        stateFiles.watch(job, attempt, gateway);
    }

    private JobSubmission submission(ClusterJob job, JobAttempt attempt, Parts parts, RunningEpoch running) {
        Map<String, String> configuration = new TreeMap<>(AttemptKeys.of(store, job.name(), attempt.id()));
        // Flink asks itself with this time-out whether it has taken the job.
        configuration.put(RpcOptions.ASK_TIMEOUT_DURATION.key(), ACCEPTED_WITHIN_SECONDS + " s");
        return new JobSubmission(
                attempt.jobId(),
                job.name(),
                parts.plan().under(running.jobDefaults()),
                configuration,
                parts.jars(),
                job.onFlinkClassPath(),
                attempt.startingPoint());
    }

    private void await(ClusterJob job, CompletableFuture<Void> accepted) {
        try {
            if (!closing.await(accepted, Duration.ofSeconds(ACCEPTED_WITHIN_SECONDS))) {
                throw unanswered(job, "the cluster is being closed", null);
            }
            accepted.get();
        } catch (ExecutionException e) {
            Throwable cause = Failures.unwrap(e);
            if (cause instanceof JobRefusedException refused) {
                throw refused;
            }
            throw unanswered(job, Failures.rootCause(cause), cause);
        } catch (TimeoutException e) {
            throw unanswered(job, "no answer within " + ACCEPTED_WITHIN_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(job, "interrupted", e);
        }
    }

    private ManagedFlinkException unanswered(ClusterJob job, String reason, @Nullable Throwable cause) {
        return new ManagedFlinkException(
                Code.UNAVAILABLE,
                cluster.value(),
                "job \"" + job.name() + "\": not known whether cluster " + cluster
                        + " took it (expected: accepted). The "
                        + "supervisor submits it again under the same id; to be rid of it, cancel it: " + reason,
                cause);
    }

    /**
     * What an attempt is made of.
     *
     * @param artifact its content addresses
     * @param plan its plan
     * @param jars local jars with its classes
     */
    record Parts(Artifact artifact, KeptPlan plan, List<Path> jars) {}
}
