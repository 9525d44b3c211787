package io.flinkmanaged.cluster;

import io.flinkmanaged.cluster.AttemptSubmission.Parts;
import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.event.ClusterEvent.UserCodeNotKept;
import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.job.Artifact;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.RecoveryChoice;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.launch.FailureFingerprint;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.storage.StateStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.flink.api.common.JobID;

/**
 * The jobs of one cluster: takes new ones, and continues those of a lost epoch.
 *
 * <p>{@link #submit} and {@link #recover} block and belong on the cluster's lane; the rest may be called from any
 * thread.
 */
public final class ClusterJobs {

    private final ClusterName cluster;
    private final ClusterServices services;
    private final JobStore store;
    private final UserJars userJars;
    private final LastAttempts lastAttempts;
    private final FailedJobs failed;
    private final JobEndings endings;
    private final RefusedAttempts refused;
    private final AttemptSubmission attempts;
    private final LostJobRecovery recovery;
    private final JobHalts halts;
    private final JobQuarantine quarantine;
    private final JobCancellation cancellation;
    private final Runnable changed;
    private final Map<JobName, ClusterJob> jobs = new ConcurrentSkipListMap<>();

    ClusterJobs(
            ClusterName cluster, StateStorage storage, ClusterServices services, Closing closing, Runnable changed) {
        this.cluster = cluster;
        this.services = services;
        this.store = new JobStore(storage, cluster);
        this.failed = new FailedJobs(services.time());
        this.endings = new JobEndings(cluster, store, services, failed, this::pause);
        this.lastAttempts = new LastAttempts(store);
        this.refused = new RefusedAttempts(store, services, closing);
        this.attempts = new AttemptSubmission(cluster, services, store, lastAttempts, endings, refused, closing);
        this.recovery = new LostJobRecovery(cluster, services, store, lastAttempts, attempts, closing);
        this.halts = new JobHalts(cluster, endings, store, services, closing);
        this.quarantine = new JobQuarantine(store, services, endings);
        this.cancellation = new JobCancellation(store, services);
        this.userJars = services.userJars();
        this.changed = changed;
    }

    private void pause(ClusterJob job, Duration pause) {
        recovery.pause(job, pause);
    }

    /** Says who rules what becomes of jobs that Flink has given up. */
    void failuresRuledBy(FailedJobRule rule) {
        failed.ruledBy(rule);
    }

    /**
     * Returns where savepoints of a job's current attempt go if nobody names another place.
     *
     * @param job which has been submitted
     */
    public String savepointsUri(ClusterJob job) {
        return store.savepointsUri(job.name(), job.attempt().orElseThrow().id());
    }

    /** Returns the jobs that this process knows, in the order of their names: those that have ended, too. */
    public Collection<ClusterJob> all() {
        return List.copyOf(jobs.values());
    }

    /**
     * Returns how many slots all living jobs take together.
     *
     * @param seen the jobs that Flink knows; one of them that was not submitted here makes the answer unknown
     * @return empty if it is not known, or a kept plan cannot be read
     */
    public OptionalInt slotsOf(Collection<JobObservation> seen) {
        Map<JobID, ClusterJob> living = new HashMap<>();
        for (ClusterJob job : jobs.values()) {
            if (!job.hasEnded() && job.attempt().isPresent()) {
                living.put(job.attempt().get().jobId(), job);
            }
        }
        boolean known = seen.stream()
                .filter(job -> !job.status().isGloballyTerminalState())
                .allMatch(job -> living.containsKey(job.jobId()));
        if (!known) {
            return OptionalInt.empty();
        }
        int slots = 0;
        for (ClusterJob job : living.values()) {
            try {
                int needed = job.slots();
                if (needed == 0) {
                    return OptionalInt.empty();
                }
                slots += needed;
            } catch (InvalidInputException e) {
                // Whoever recovers the job says so.
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of(slots);
    }

    /**
     * Returns what a job sets in its own configuration: its program as it was submitted, then the library for the current
     * attempt. Blocks.
     *
     * @param job a job that was submitted
     * @return settings of the layer {@code JOB}
     */
    public List<Setting> settingsOf(ClusterJob job) {
        JobAttempt attempt = job.attempt()
                .orElseThrow(() -> new ManagedFlinkException(
                        Code.UNAVAILABLE,
                        "job \"" + job.name() + "\": not submitted yet (expected: submitted). Ask when it runs."));
        List<Setting> settings = new ArrayList<>();
        store.artifacts()
                .plan(attempt.artifact())
                .ownConfiguration()
                .forEach((key, value) ->
                        settings.add(new Setting(key, value, Layer.JOB, "the job's own configuration, as submitted")));
        AttemptKeys.of(store, job.name(), attempt.id())
                .forEach((key, value) -> settings.add(
                        new Setting(key, value, Layer.JOB, "each attempt keeps its state in a directory of its own")));
        return settings;
    }

    /**
     * Returns a job.
     *
     * @param name its name
     * @return empty if this process neither submitted nor recovered it
     */
    public Optional<ClusterJob> find(JobName name) {
        return Optional.ofNullable(jobs.get(name));
    }

    /**
     * Tells which jobs should run in an epoch and do not.
     *
     * @param running the epoch
     */
    public LostJobs lostTo(RunningEpoch running) {
        return recovery.among(jobs.values(), running).with(quarantine.reasons());
    }

    /**
     * Takes a name for a job about to be submitted.
     *
     * @param name the name
     * @param priority how early its turn comes when jobs are continued
     * @param job its definition
     * @param classLoader the loader of its classes
     * @return the job, without an attempt
     * @throws ManagedFlinkException if a job of that name has not ended
     */
    public ClusterJob reserve(JobName name, JobPriority priority, CapturedJob job, ClassLoader classLoader) {
        ClusterJob reserved = ClusterJob.defined(name, priority, classLoader, job.code());
        ClusterJob kept =
                jobs.compute(name, (ignored, former) -> former == null || former.hasEnded() ? reserved : former);
        if (kept != reserved) {
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    cluster.value(),
                    "job \"" + name + "\": runs already in cluster " + cluster
                            + " (expected: one running job of a name). Cancel or stop it first, or use another name.",
                    null);
        }
        return reserved;
    }

    /**
     * Submits the first attempt of a reserved job. If it was certainly not taken, the name is given back; otherwise the
     * job stays, to be submitted again under the same id.
     *
     * @param reserved what {@link #reserve} returned
     * @param job its definition
     * @param wanted what it starts from
     * @param running the epoch
     * @throws ManagedFlinkException if Flink did not take it
     */
    public void submit(ClusterJob reserved, CapturedJob job, StartingPoint wanted, RunningEpoch running) {
        try {
            services.ensureMayAct().run();
            Optional<JobAttempt> last = lastAttempts.of(reserved.name());
            RecoveryChoice choice = RecoveryChoice.of(store, last, wanted);
            boolean outside = services.launcher().place().isPresent();
            List<Path> jars = userJars.of(
                    outside ? job.code().sourcesOutside() : job.code().sources());
            Artifact artifact =
                    store.artifacts().keep(job.plan(), jars, job.code().onFlinkClassPath());
            tellWhatIsNotKept(reserved, job);
            attempts.first(reserved, new Parts(artifact, job.plan(), jars), choice, running, last);
        } catch (RuntimeException e) {
            if (reserved.attempt().isEmpty()) {
                giveBack(reserved, e);
            }
            throw e;
        }
        failed.forget(reserved.name());
        recovery.forget(reserved.name());
        quarantine.release(reserved.name());
        changed.run();
    }

    /**
     * Gives back the name of a job that was not submitted.
     *
     * @param reserved what {@link #reserve} returned
     * @param cause why, for those who wait for the job
     */
    public void giveBack(ClusterJob reserved, Throwable cause) {
        jobs.remove(reserved.name(), reserved);
        reserved.givenUp(cause);
    }

    /**
     * Records that a job is to be cancelled, before Flink is asked to: should its epoch be lost in between, nobody continues
     * it. A storage that does not answer keeps nobody from cancelling; an event says that the wish is not recorded.
     *
     * @param job the job
     * @return completes when that is done, or nothing is to be done
     */
    public CompletableFuture<Void> noteCancel(ClusterJob job) {
        return cancellation.note(job);
    }

    /**
     * Records that somebody stops a job himself, before Flink is asked to: should the cluster have been about to stop it for
     * a change of its own, that counts no more. A storage that does not answer keeps nobody from stopping; an event says so.
     *
     * @param job the job
     * @return completes when that is done, or nothing is to be done
     */
    public CompletableFuture<Void> noteStop(ClusterJob job) {
        return halts.forget(job);
    }

    /**
     * Goes on asking Flink to cancel a job that it was asked to cancel, until that has ended: a JobManager that is lost before it
     * has done so leaves a job that the next one has run on.
     *
     * @param job the job, of which {@link #noteCancel} is done
     * @param atMost how long to go on
     * @return the job's end, whatever it is
     */
    public CompletableFuture<JobEnd> insistOnCancel(ClusterJob job, Duration atMost) {
        return cancellation.insist(job, atMost);
    }

    /** Learns of the jobs that former epochs left without an end, so that {@link #recover} continues them. */
    public void findLostJobs() {
        for (String segment : store.jobSegments()) {
            try {
                store.lastAttempt(segment).ifPresent(this::find);
            } catch (ManagedFlinkException e) {
                if (e.isRetryable()) {
                    throw e;
                }
                // A damaged record costs its own job, not the cluster.
                recovery.tellGivenUp(segment, e);
            }
        }
    }

    private void find(JobAttempt last) {
        Optional<AttemptEnd> end = store.endOf(last);
        if (end.isEmpty() && !refused.contains(last)) {
            jobs.putIfAbsent(last.job(), ClusterJob.kept(last.job(), last.priority()));
        }
        end.filter(known -> known.kind() == Kind.QUARANTINED).ifPresent(known -> quarantine.found(last, known));
    }

    /**
     * Submits every job again that does not run in the given epoch, has not ended, and did not fail a moment ago: each
     * from its newest complete point. A job that cannot be continued now is tried again later, one that can never be is
     * given up; both are told as events, and hold up no other. Stops between two jobs when the cluster is being closed.
     *
     * @param running the epoch
     * @throws ManagedFlinkException if another library instance has taken over; then nothing more is submitted
     */
    public void recover(RunningEpoch running) {
        quarantine.cancelFound(running);
        recovery.recover(jobs.values(), running);
        changed.run();
    }

    /**
     * Ends a job that fails again and again: records that, so that nobody begins it again, tells whoever waits for the job, and
     * cancels it in Flink. Its checkpoints are kept, and a submission of its name goes on from the newest complete one. Does
     * nothing if that attempt is not the job's any more, or has ended. Blocks.
     *
     * @param jobId the attempt
     * @param fingerprint by what its failures are the same
     * @param failures how many there were in a row
     * @throws io.flinkmanaged.storage.StorageException if that could not be recorded; then the job goes on
     */
    public void quarantine(JobID jobId, FailureFingerprint fingerprint, int failures) {
        services.ensureMayAct().run();
        jobs.values().stream()
                .filter(job -> !job.hasEnded())
                .filter(job -> job.attempt()
                        .filter(attempt -> attempt.jobId().equals(jobId))
                        .isPresent())
                .findFirst()
                .ifPresent(job -> quarantine.put(job, fingerprint, failures));
        changed.run();
    }

    /**
     * Lets jobs take a checkpoint, side by side, so that little is processed again when they are submitted again. A job that
     * cannot take one now goes on from the one before. Blocks.
     *
     * @param running running jobs
     */
    public void checkpoint(Collection<ClusterJob> running) {
        halts.checkpoint(running);
    }

    /**
     * Ends the attempts of running jobs, side by side, so that {@link #resume} can begin others: whoever waits for a job
     * learns nothing of it. Blocks.
     *
     * @param running running jobs
     * @param withSavepoint whether they are stopped with a savepoint in Flink's canonical format, or cancelled
     * @return those that were ended; the others came to their own end meanwhile
     * @throws ManagedFlinkException if one could not be ended: that goes on, and {@link #recover} begins the others again
     */
    public List<ClusterJob> halt(Collection<ClusterJob> running, boolean withSavepoint) {
        return halts.halt(running, withSavepoint);
    }

    /**
     * Begins another attempt of a job that was halted, from its newest complete point. Blocks.
     *
     * @param job the job
     * @param running the epoch
     * @throws ManagedFlinkException if Flink did not take it; {@link #recover} tries again
     */
    public void resume(ClusterJob job, RunningEpoch running) {
        recovery.recover(job, running);
        changed.run();
    }

    /**
     * Gives up every job that has not ended.
     *
     * @param cause why, for those who wait for them
     */
    public void giveUp(ManagedFlinkException cause) {
        jobs.values().stream().filter(job -> !job.hasEnded()).forEach(job -> job.givenUp(cause));
    }

    /**
     * Records for every job that has no end, whether this process knows it or not, that it was cancelled: nobody
     * continues it.
     */
    void recordCancelled() {
        for (String segment : store.jobSegments()) {
            store.lastAttempt(segment)
                    .filter(attempt -> store.endOf(attempt).isEmpty())
                    .ifPresent(attempt -> store.end(attempt, AttemptEnd.of(Kind.CANCELED)));
        }
    }

    /** From now on, an end of an epoch's jobs is the cluster's doing: it does not count, unless they finished. */
    void letGo(Epoch epoch) {
        endings.letGo(epoch);
        recovery.beginAnew();
    }

    /** An epoch has ended: what is not known of the ends of its jobs is found out without it. */
    void concludeEndings(Epoch epoch) {
        endings.conclude(epoch);
    }

    private void tellWhatIsNotKept(ClusterJob job, CapturedJob captured) {
        if (!captured.code().withoutSource().isEmpty()) {
            services.events()
                    .accept(new UserCodeNotKept(
                            cluster.value(),
                            services.time().now(),
                            job.name().value(),
                            String.join(", ", captured.code().withoutSource())));
        }
    }
}
