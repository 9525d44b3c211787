package io.flinkmanaged.cluster;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * One cluster: begins and ends its epochs and replaces its nodes.
 *
 * <p>The methods that change something block and are meant for the cluster's {@link #lane()}, one at a time; what reads
 * may be called from any thread.
 */
public final class Cluster {

    private final StateStorage storage;
    private final ClusterServices services;
    private final Epochs epochs;
    private final ClusterJobs jobs;
    private final Lane lane;
    private final boolean continuesFormerJobs;
    private volatile Runnable changed = () -> {};
    private final Closing closing;
    private final AtomicBoolean rolling = new AtomicBoolean();
    private final AtomicInteger rolls = new AtomicInteger();

    /**
     * Creates a cluster that has no epoch yet.
     *
     * @param spec what is wanted
     * @param storage its state storage; closed by its owner
     * @param services what it works with
     * @param continuesFormerJobs whether jobs that a former process left without an end are continued
     */
    public Cluster(ClusterSpec spec, StateStorage storage, ClusterServices services, boolean continuesFormerJobs) {
        this.continuesFormerJobs = continuesFormerJobs;
        this.storage = storage;
        this.services = services;
        this.closing = new Closing(services.time());
        this.jobs = new ClusterJobs(spec.name(), storage, services, closing, () -> changed.run());
        this.epochs = new Epochs(spec, storage, services, jobs, continuesFormerJobs, () -> changed.run());
        this.lane = new Lane(services.operations());
    }

    /** Returns what is wanted: the spec in force. */
    public ClusterSpec spec() {
        return epochs.spec();
    }

    /**
     * Puts another spec in force, without touching what runs: processes have it from the next epoch on, jobs from their
     * next attempt on. For the lane.
     *
     * @param next the spec; of the same name, with the same storage
     */
    public void adopt(ClusterSpec next) {
        requireOpen();
        services.ensureMayAct().run();
        epochs.adopt(next);
    }

    /**
     * Returns the configuration that this cluster would have with a spec, at the place where it runs now.
     *
     * @param other the spec
     */
    public LayeredConfiguration configurationOf(ClusterSpec other) {
        return epochs.configurationOf(other);
    }

    /** Returns whether the journal wants the cluster to run, so that the next process continues it. */
    public boolean isOperated() {
        return continuesFormerJobs;
    }

    /** Returns what runs the epochs. */
    public ClusterLauncher launcher() {
        return services.launcher();
    }

    /** Returns the jobs. */
    public ClusterJobs jobs() {
        return jobs;
    }

    /** Returns the state storage; closed by its owner. */
    public StateStorage storage() {
        return storage;
    }

    /** Returns the one lane of the operations on this cluster. */
    public Lane lane() {
        return lane;
    }

    /** Returns the epoch that runs, as far as is known. */
    public Optional<RunningEpoch> current() {
        return epochs.current();
    }

    /**
     * Returns the epoch that runs.
     *
     * @throws ManagedFlinkException if none does: the cluster is starting, recovering, or was given up
     */
    public RunningEpoch requireCurrent() {
        requireOpen();
        return current()
                .orElseThrow(() -> new ManagedFlinkException(
                        Code.UNAVAILABLE,
                        name(),
                        "cluster " + name()
                                + ": no epoch runs (expected: running). Wait with awaitHealthy(…); the events say "
                                + "why.",
                        null));
    }

    /**
     * Says whom to call when a look at the cluster is worthwhile.
     *
     * @param listener called on any thread; must not block
     */
    public void onChange(Runnable listener) {
        changed = listener;
    }

    /**
     * Says who rules what becomes of jobs that Flink has given up. Where nobody does, they have FAILED.
     *
     * @param rule called on any thread
     */
    public void onFailedJob(FailedJobRule rule) {
        jobs.failuresRuledBy(rule);
    }

    /**
     * Looks whether the storage shows every epoch that is known to have begun; {@link #beginEpoch} does so, too. Blocks.
     *
     * @throws StorageException if it was emptied, replaced by an older copy, or is not mounted
     */
    public void requireKnownStorage() {
        epochs.requireKnownStorage();
    }

    /**
     * Looks whether the cluster may begin an epoch: the storage shows every one that is known to have begun, and the last
     * one has ended, or its process is proved dead; {@link #beginEpoch} does so, too. Blocks.
     *
     * @throws ManagedFlinkException if not
     */
    public void requireOwnerless() {
        epochs.requireOwnerless();
    }

    /**
     * Begins an epoch. A former one is ended first; its processes must be proved dead.
     *
     * @throws ManagedFlinkException if the epoch could not be claimed or launched; then nothing of it is left
     */
    public void beginEpoch() {
        begin(UnaryOperator.identity());
    }

    /**
     * Begins an epoch as {@link #beginEpoch} does, continues in it the jobs of the former one as soon as it takes them, and
     * then waits until all of it does its part.
     *
     * @throws ManagedFlinkException if the epoch could not be claimed or launched; then nothing of it is left; or if a
     *     process of it died soon, and it runs on without
     */
    public void beginEpochForJobs() {
        begin(LaunchOrder::withJobsFirst);
        RunningEpoch running = requireCurrent();
        jobs.recover(running);
        running.launched().awaitReady();
    }

    private void begin(UnaryOperator<LaunchOrder> how) {
        requireOpen();
        services.ensureMayAct().run();
        epochs.begin(how);
    }

    /** Returns whether an epoch is being begun now, so that what is seen of the cluster says little. */
    public boolean isBeginningEpoch() {
        return epochs.isBeginning();
    }

    /**
     * Lets go of the cluster: processes that can go on without this JVM do so if the cluster is operated; otherwise it is
     * closed.
     *
     * @throws ManagedFlinkException if it had to be closed, and a process of it may live
     */
    public void letGo() {
        if (!epochs.runsOnWithoutThisJvm()) {
            close();
            return;
        }
        refuseNewWork();
        try {
            epochs.letGo();
        } finally {
            jobs.giveUp(closedException());
        }
    }

    /**
     * Ends the epoch that runs, if one does; jobs stay continuable.
     *
     * @param reason why, for the diary
     * @throws ManagedFlinkException if a process of it may live; then it is still the current one
     */
    public void endEpoch(String reason) {
        epochs.end(reason);
    }

    /**
     * Ends the epoch that runs, if one does, and begins no other; whoever waits for a job is told.
     *
     * @throws ManagedFlinkException if a process of it may live
     */
    public void close() {
        refuseNewWork();
        try {
            endEpoch("it was closed");
        } finally {
            jobs.giveUp(closedException());
        }
    }

    /** Looks whether this process may act upon the cluster still. */
    void ensureMayAct() {
        services.ensureMayAct().run();
    }

    /**
     * Closes the cluster as {@link #close} does, for good: what a former JVM let go of is ended, too, also if this one could
     * not take it over; its jobs are recorded as cancelled, and that it ran is forgotten.
     *
     * @throws ManagedFlinkException if a process of it may live, or the storage does not answer
     */
    public void terminate() {
        close();
        services.ensureMayAct().run();
        epochs.endFormer("it was terminated");
        jobs.recordCancelled();
        epochs.forget();
    }

    /**
     * From now on, operations that have not begun are refused, and those that have wait for no job any more; any thread.
     */
    public void refuseNewWork() {
        closing.begin();
    }

    /**
     * Puts a TaskManager in the place of a node's former one.
     *
     * @param node the node
     */
    public void replaceTaskManager(NodeId node) {
        requireOpen();
        services.ensureMayAct().run();
        long began = services.time().ticks();
        String resourceId = requireCurrent().launched().replaceTaskManager(node);
        services.events()
                .accept(new TaskManagerReplaced(
                        name(), services.time().now(), node.number(), resourceId, since(began)));
        changed.run();
    }

    /**
     * Starts another process of a node, no TaskManager, in the place of a dead one.
     *
     * @param node the node
     * @param kind which of its processes
     */
    public void restart(NodeId node, RenderedProcess.Kind kind) {
        requireOpen();
        services.ensureMayAct().run();
        requireCurrent().launched().restart(node, kind);
        services.events().accept(new ProcessRestarted(name(), services.time().now(), node.number(), kind.directory()));
        changed.run();
    }

    /**
     * Starts a process that lives anew, with new certificates, and waits until it does its part.
     *
     * @param node the node
     * @param kind which of its processes
     */
    void renew(NodeId node, RenderedProcess.Kind kind) {
        if (kind == RenderedProcess.Kind.TASK_MANAGER) {
            replaceTaskManager(node);
            return;
        }
        requireOpen();
        services.ensureMayAct().run();
        requireCurrent().launched().renew(node, kind);
        services.events().accept(new ProcessRestarted(name(), services.time().now(), node.number(), kind.directory()));
        changed.run();
    }

    /** Returns the renewal of certificates. */
    public CertificateRenewal certificates() {
        return new CertificateRenewal(this, services);
    }

    /**
     * Does what ends and starts processes on purpose, one after the other, on the calling thread. Meanwhile what is seen
     * dead is not put back by anybody else.
     *
     * @throws ManagedFlinkException with code {@code CONFLICT} if that is under way already
     */
    void roll(Runnable restarts) {
        if (!rolling.compareAndSet(false, true)) {
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    name(),
                    "cluster " + name()
                            + ": a rolling restart is under way (expected: one at a time). Wait for its end.",
                    null);
        }
        try {
            restarts.run();
        } finally {
            rolls.incrementAndGet();
            rolling.set(false);
            changed.run();
        }
    }

    /** Returns whether processes are being restarted on purpose now. */
    public boolean isRolling() {
        return rolling.get();
    }

    /** Returns how many rolling restarts have ended: a look that began before one of them tells of the past. */
    public int rolls() {
        return rolls.get();
    }

    /**
     * Ends a process that lives and does nothing any more.
     *
     * @param hung the process
     */
    public void end(HungProcess hung) {
        requireOpen();
        services.ensureMayAct().run();
        requireCurrent().launched().end(hung);
        changed.run();
    }

    /** Looks at the cluster, without blocking; done within a bounded time. A cluster without an epoch is dead. */
    public CompletableFuture<ClusterObservation> look() {
        return current()
                .map(running -> running.launched().look())
                .orElseGet(() -> CompletableFuture.completedFuture(noEpoch()));
    }

    /** Looks at the cluster; blocks for a bounded time. A cluster without an epoch is dead. */
    public ClusterObservation observe() {
        return current().map(running -> running.launched().observe()).orElseGet(this::noEpoch);
    }

    private ClusterObservation noEpoch() {
        return new ClusterObservation(services.time().now(), Liveness.DEAD, "no epoch runs", List.of(), List.of());
    }

    private void requireOpen() {
        if (closing.hasBegun()) {
            throw closedException();
        }
    }

    private ManagedFlinkException closedException() {
        return new ManagedFlinkException(
                Code.CLOSED,
                name(),
                "cluster " + name() + ": closed (expected: open). Launch it again; a submission of its jobs' names "
                        + "continues them.",
                null);
    }

    private Duration since(long ticks) {
        return Duration.ofNanos(services.time().ticks() - ticks);
    }

    private String name() {
        return epochs.spec().name().value();
    }
}
