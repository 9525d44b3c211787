package io.flinkmanaged.cluster;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochAdopted;
import io.flinkmanaged.event.ClusterEvent.EpochEnded;
import io.flinkmanaged.event.ClusterEvent.EpochFailed;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.StateStorage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of one cluster, of which one runs at a time: begins, adopts and ends them, under the spec in force.
 *
 * <p>What changes something blocks and belongs on the cluster's lane; what reads may be called from any thread.
 */
final class Epochs {

    private final StateStorage storage;
    private final ClusterServices services;
    private final TimeSource time;
    private final EpochClaims claims;
    private final ClusterRecord record;
    private final ClusterJobs jobs;
    private final boolean outliveThisJvm;
    private final Runnable changed;
    private volatile ClusterSpec spec;
    private volatile @Nullable RunningEpoch current;
    private volatile boolean beginning;

    /**
     * Creates the epochs of a cluster of which none runs.
     *
     * @param spec what is wanted
     * @param storage its state storage; closed by its owner
     * @param services what it works with
     * @param jobs its jobs
     * @param outliveThisJvm whether an epoch goes on without this JVM, where its launcher can have it so, and is adopted by the
     *     next one; then jobs go on, too, that a former process left without an end
     * @param changed called when an epoch is seen to have changed; any thread
     */
    Epochs(
            ClusterSpec spec,
            StateStorage storage,
            ClusterServices services,
            ClusterJobs jobs,
            boolean outliveThisJvm,
            Runnable changed) {
        this.spec = spec;
        this.storage = storage;
        this.services = services;
        this.time = services.time();
        this.jobs = jobs;
        this.outliveThisJvm = outliveThisJvm;
        this.changed = changed;
        this.record = new ClusterRecord(storage, spec.name());
        this.claims =
                new EpochClaims(storage, spec.name(), time, services.knownEpochs(), Optional.of(services.launcher()));
    }

    /** Returns the spec in force. */
    ClusterSpec spec() {
        return spec;
    }

    /** Puts another spec in force, without touching what runs. */
    void adopt(ClusterSpec next) {
        record.keep(next);
        RunningEpoch running = current;
        if (running != null) {
            current = running.under(configurationOf(next));
        }
        spec = next;
    }

    /** Returns the configuration that the cluster would have with a spec, at the place where it runs now. */
    LayeredConfiguration configurationOf(ClusterSpec other) {
        RunningEpoch running = current;
        if (running != null && other.equals(spec)) {
            return running.configuration();
        }
        return running == null
                ? services.launcher().preview(other, settings())
                : running.launched().configurationOf(other, settings());
    }

    /** Returns the epoch that runs, as far as is known. */
    Optional<RunningEpoch> current() {
        return Optional.ofNullable(current);
    }

    /** Returns whether one is being begun now, so that what is seen of the cluster says little. */
    boolean isBeginning() {
        return beginning;
    }

    /** Looks whether the storage shows every epoch that is known to have begun; {@link #begin} does so, too. */
    void requireKnownStorage() {
        claims.requireKnown();
    }

    /** Looks whether an epoch may begin: the last one has ended, or is proved dead; {@link #begin} does so, too. */
    void requireOwnerless() {
        Optional<Epoch> unusedLast = claims.requireOwnerless();
    }

    /** Forgets which have begun: the cluster has ended for good, and its storage may be deleted. */
    void forget() {
        services.knownEpochs().forget(spec.name(), storage.location());
    }

    /**
     * Ends the epoch that runs, if one does, and begins another; or takes over the one that a former process let go of.
     *
     * @param how changes the order of the launch
     * @throws ManagedFlinkException if it could not be claimed or launched; then nothing of it is left
     */
    void begin(UnaryOperator<LaunchOrder> how) {
        beginning = true;
        try {
            endOneAndBeginAnother(how);
        } finally {
            beginning = false;
        }
        changed.run();
    }

    private void endOneAndBeginAnother(UnaryOperator<LaunchOrder> how) {
        long began = time.ticks();
        end("a new epoch takes its place");
        if (outliveThisJvm) {
            jobs.findLostJobs();
            if (adoptFormer()) {
                return;
            }
        }
        Epoch epoch = claims.claimNext();
        try {
            record.keep(spec);
            LaunchedCluster launched = services.launcher().launch(how.apply(orderOf(epoch)), changed);
            current = new RunningEpoch(epoch, launched);
            tell(new EpochStarted(
                    name(),
                    time.now(),
                    epoch.number(),
                    launched.webUi().toString(),
                    Duration.ofNanos(time.ticks() - began)));
        } catch (Throwable e) {
            recordEnd(epoch, "it could not be started");
            tell(new EpochFailed(name(), time.now(), epoch.number(), String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /** What a former process of this library started, and lives, is taken over with its jobs; nothing is restarted. */
    private boolean adoptFormer() {
        Optional<Epoch> former = claims.adoptable();
        Optional<LaunchedCluster> adopted =
                former.flatMap(epoch -> services.launcher().adopt(orderOf(epoch), changed));
        adopted.ifPresent(launched -> {
            Epoch epoch = former.orElseThrow();
            claimOrLetGo(epoch, launched);
            current = new RunningEpoch(epoch, launched);
            tell(new EpochAdopted(
                    name(), time.now(), epoch.number(), launched.webUi().toString()));
        });
        return adopted.isPresent();
    }

    private void claimOrLetGo(Epoch epoch, LaunchedCluster adopted) {
        try {
            claims.adopt(epoch);
        } catch (Throwable e) {
            StopConfirmation unused = adopted.letGo();
            throw e;
        }
    }

    private LaunchOrder orderOf(Epoch epoch) {
        LaunchOrder order = new LaunchOrder(
                spec,
                epoch,
                services.directory().resolve(epoch.toString()),
                storage.uriOf(spec.name() + "/ha"),
                settings(),
                storage::nodeFileSystem);
        return outliveThisJvm ? order : order.endingWithThisJvm();
    }

    /** What else than the spec decides keys. */
    private List<Setting> settings() {
        return Stream.concat(storage.settings().stream(), services.policies().settings().stream())
                .toList();
    }

    /**
     * Ends the epoch that runs, if one does; jobs stay continuable.
     *
     * @param reason why, for the diary
     * @throws ManagedFlinkException if a process of it may live; then it is still the current one
     */
    void end(String reason) {
        RunningEpoch running = current;
        if (running == null) {
            return;
        }
        ClusterObservation last = running.launched().observe();
        String why = last.liveness() == Liveness.DEAD ? "it died: " + last.detail() : reason;
        jobs.letGo(running.epoch());
        requireConfirmed(running.epoch(), running.launched().stop());
        current = null;
        jobs.concludeEndings(running.epoch());
        recordEnd(running.epoch(), why);
        tell(new EpochEnded(name(), time.now(), running.epoch().number(), why));
    }

    /**
     * Ends the epoch that a former JVM let go of and this one has not taken over, if there is one: nobody else would.
     *
     * @param reason why, for the diary
     * @throws ManagedFlinkException if a process of it may live, or the storage does not answer
     */
    void endFormer(String reason) {
        if (current == null && outliveThisJvm) {
            claims.adoptable().ifPresent(epoch -> {
                requireConfirmed(epoch, services.launcher().end(orderOf(epoch)));
                claims.adopt(epoch);
                recordEnd(epoch, reason);
                tell(new EpochEnded(name(), time.now(), epoch.number(), reason));
            });
        }
    }

    private void requireConfirmed(Epoch epoch, StopConfirmation stopped) {
        if (!stopped.confirmed()) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    name(),
                    "cluster " + name() + ", " + epoch + ": cannot be confirmed dead: " + stopped.detail()
                            + " (expected: every process ended). No new epoch begins before; end its processes by hand.",
                    null);
        }
        if (!stopped.detail().isEmpty()) {
            // It has ended, and something of it is left, keys perhaps: somebody has to know, and nothing has to wait.
            tell(new OperationFailed(name(), time.now(), "cleaning up after " + epoch, stopped.detail()));
        }
    }

    /** The storage's failure does not undo the end: it is known to this process, and written with the next claim. */
    private void recordEnd(Epoch epoch, String reason) {
        try {
            claims.end(epoch, reason);
        } catch (RuntimeException e) {
            tell(new OperationFailed(
                    name(), time.now(), "recording the end of " + epoch, String.valueOf(e.getMessage())));
        }
    }

    /** Returns whether one runs that goes on without this JVM. */
    boolean runsOnWithoutThisJvm() {
        return current != null && outliveThisJvm && services.launcher().place().isPresent();
    }

    /** Lets the epoch go on without this JVM. */
    void letGo() {
        RunningEpoch running = current;
        if (running != null) {
            jobs.letGo(running.epoch());
            StopConfirmation unused = running.launched().letGo();
            claims.letGo(running.epoch());
            current = null;
        }
    }

    private void tell(ClusterEvent event) {
        services.events().accept(event);
    }

    private String name() {
        return spec.name().value();
    }
}
