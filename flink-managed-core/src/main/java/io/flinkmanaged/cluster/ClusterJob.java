package io.flinkmanaged.cluster;

import com.google.common.base.Suppliers;
import io.flinkmanaged.flink.KeptPlan;
import io.flinkmanaged.flink.UserCode;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.jspecify.annotations.Nullable;

/** A job of a cluster through all its attempts. Thread-safe. */
public final class ClusterJob {

    private final JobName name;
    private final JobPriority priority;
    private final ClassLoader classLoader;
    private final boolean onFlinkClassPath;
    private final boolean keptOnly;
    private final CompletableFuture<JobEnd> end = new CompletableFuture<>();
    private final CompletableFuture<JobExecutionResult> result = new CompletableFuture<>();
    private volatile @Nullable Running running;
    private volatile boolean withdrawn;
    private volatile @Nullable KeptPlan plan;
    private volatile @Nullable AttemptId over;
    private final AtomicBoolean ending = new AtomicBoolean();

    private ClusterJob(
            JobName name, JobPriority priority, ClassLoader classLoader, boolean onFlinkClassPath, boolean keptOnly) {
        this.priority = priority;
        this.keptOnly = keptOnly;
        this.name = name;
        this.classLoader = classLoader;
        this.onFlinkClassPath = onFlinkClassPath;
    }

    /** Returns a job that a program of this JVM has just defined. */
    static ClusterJob defined(JobName name, JobPriority priority, ClassLoader classLoader, UserCode code) {
        return new ClusterJob(name, priority, classLoader, code.onFlinkClassPath(), false);
    }

    /** Returns a job of which only the kept artifact is here. */
    static ClusterJob kept(JobName name, JobPriority priority) {
        return new ClusterJob(name, priority, ClusterJob.class.getClassLoader(), false, true);
    }

    /** Returns the job's name. */
    public JobName name() {
        return name;
    }

    /** Returns how early its turn comes when jobs are continued. */
    public JobPriority priority() {
        return priority;
    }

    /** Returns the attempt that was submitted last; empty if none was yet. */
    public Optional<JobAttempt> attempt() {
        return Optional.ofNullable(running).map(Running::attempt);
    }

    /**
     * Returns the door to the job in the epoch that it was submitted to last.
     *
     * @throws ManagedFlinkException if it was not submitted yet
     */
    public JobGateway gateway() {
        return require().gateway();
    }

    /**
     * Returns Flink's client of the current attempt.
     *
     * @throws ManagedFlinkException if none was submitted yet
     */
    public JobClient client() {
        return require().client().get();
    }

    /** Returns the end of the job: of its last attempt, which no other follows by itself. */
    public CompletableFuture<JobEnd> whenEnded() {
        return end.copy();
    }

    /** Returns Flink's result; fails unless the job finished. */
    public CompletableFuture<JobExecutionResult> whenResult() {
        return result.copy();
    }

    /** Returns how many slots the job needs; 0 if that is not known. */
    public int slots() {
        KeptPlan known = plan;
        return known == null ? 0 : known.slots();
    }

    /** Returns whether the job has ended, or was given up. */
    public boolean hasEnded() {
        return end.isDone();
    }

    /** Says that whoever submitted the job does not wait for it any more and wants it gone. */
    public void withdraw() {
        withdrawn = true;
    }

    /** Returns whether the job was withdrawn. */
    public boolean isWithdrawn() {
        return withdrawn;
    }

    boolean onFlinkClassPath() {
        return onFlinkClassPath;
    }

    /** Returns whether the job should run in an epoch and does not, as far as is known. */
    boolean isLostTo(Epoch epoch) {
        if (hasEnded() || ending.get()) {
            return false;
        }
        Running now = running;
        // One that was defined here and has no attempt yet waits in the lane for its first submission.
        return now == null
                ? keptOnly
                : !now.accepted() || !now.attempt().id().epoch().equals(epoch) || isOver(now.attempt());
    }

    void consistsOf(KeptPlan kept) {
        plan = kept;
    }

    /**
     * Nothing comes of an attempt any more, and another follows: its cluster has ended it, or Flink has refused it or given it
     * up.
     */
    void over(JobAttempt attempt) {
        over = attempt.id();
    }

    /** Returns whether nothing comes of an attempt any more, so that another can follow. */
    boolean isOver(JobAttempt attempt) {
        return attempt.id().equals(over);
    }

    void runs(JobAttempt attempt, JobGateway gateway) {
        running = new Running(attempt, gateway, true, clientOf(attempt, gateway));
    }

    /** The attempt was submitted and nobody knows whether Flink has it. */
    void unanswered(JobAttempt attempt, JobGateway gateway) {
        running = new Running(attempt, gateway, false, clientOf(attempt, gateway));
    }

    /** The last attempt's end was recorded before anybody here was told; only its accumulators are lost. */
    void endedBefore(AttemptEnd.Kind kind, JobID jobId) {
        JobStatus status =
                switch (kind) {
                    case FINISHED, STOPPED -> JobStatus.FINISHED;
                    case CANCELED -> JobStatus.CANCELED;
                    case FAILED, QUARANTINED, NOT_STARTED -> JobStatus.FAILED;
                };
        ended(
                new JobEnd(status, Optional.empty()),
                CompletableFuture.completedFuture(new JobExecutionResult(jobId, 0, Map.of())));
    }

    /** Each client of Flink's keeps a question open until the job ends, so there is one an attempt. */
    private Supplier<JobClient> clientOf(JobAttempt attempt, JobGateway gateway) {
        return Suppliers.memoize(() -> gateway.client(attempt.jobId(), classLoader));
    }

    boolean isCurrent(JobAttempt attempt) {
        Running now = running;
        return now != null && now.attempt().id().equals(attempt.id());
    }

    /**
     * Says that Flink has ended the job, which is yet to be recorded: from now on no other attempt follows.
     *
     * @return whether that was not known
     */
    boolean beginEnding() {
        return !hasEnded() && ending.compareAndSet(false, true);
    }

    /** The end that was about to be recorded is none: another attempt follows. */
    void continues() {
        ending.set(false);
    }

    void ended(JobEnd jobEnd, CompletableFuture<JobExecutionResult> jobResult) {
        CompletableFuture<JobExecutionResult> unused = jobResult.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        end.complete(jobEnd);
    }

    void givenUp(Throwable cause) {
        end.completeExceptionally(cause);
        result.completeExceptionally(cause);
    }

    /** Returns the id of the attempt after this one in an epoch. */
    static AttemptId next(Optional<JobAttempt> last, Epoch epoch) {
        return last.map(JobAttempt::id)
                .filter(id -> id.epoch().equals(epoch))
                .map(id -> new AttemptId(epoch, id.number() + 1))
                .orElseGet(() -> new AttemptId(epoch, 1));
    }

    private Running require() {
        Running now = running;
        if (now == null) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    "job \"" + name
                            + "\": not submitted yet (expected: submitted). Wait until its cluster has recovered.");
        }
        return now;
    }

    private record Running(JobAttempt attempt, JobGateway gateway, boolean accepted, Supplier<JobClient> client) {}
}
