package io.flinkmanaged;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterRecord;
import io.flinkmanaged.cluster.FormerOwner;
import io.flinkmanaged.cluster.Termination;
import io.flinkmanaged.config.Explanation;
import io.flinkmanaged.config.Explanations;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEventListener;
import io.flinkmanaged.event.EventDispatcher;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.supervise.SupervisorMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * The entry: launches and operates Flink session clusters and keeps them alive.
 *
 * <pre>{@code
 * try (ManagedFlink flink = ManagedFlink.inProcess();
 *         ManagedCluster cluster = flink.launch(spec)) {
 *     ManagedJob job = cluster.submit("delays", environment -> FlightDelays.define(environment, input, output));
 *     job.awaitFinished(Duration.ofMinutes(1));
 * }
 * }</pre>
 *
 * <p>Thread-safe. The creator closes it; that stops or lets go of every cluster and leaves no thread, file or process.
 *
 * <p><strong>In process</strong> a job can do to this JVM what any code in it can: {@code System.exit} in a user's
 * function ends it, and after an {@code InternalError} Flink halts it without shutdown hooks. The library installs no
 * security manager and no agent against that. Jobs that are not trusted belong into processes.
 */
public final class ManagedFlink implements AutoCloseable {

    private static final Duration TERMINATED_WITHIN = Duration.ofMinutes(5);

    private final Wiring wiring;
    private final Map<ClusterName, ClusterEntry> clusters = new ConcurrentSkipListMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Surroundings surroundings = new OfClusters();
    private final ClusterStarter starter;
    private final SpecCheck check;

    ManagedFlink(Wiring wiring) {
        this.wiring = wiring;
        this.check = new SpecCheck(wiring.policies(), wiring.storages(), wiring.launcher(), wiring.strict());
        this.starter = new ClusterStarter(wiring, check, surroundings);
    }

    /**
     * Returns an instance that runs clusters in this JVM and remembers nothing when it is closed.
     *
     * @throws ManagedFlinkException if it cannot be set up
     */
    public static ManagedFlink inProcess() {
        return configure().inProcess();
    }

    /**
     * Returns an instance that runs clusters as processes of this machine; those of an operated cluster outlive it.
     * Linux only; {@link ManagedFlinkBuilder#processes} says more.
     *
     * @param directory where nodes keep everything, and operated clusters are remembered; created if absent, never deleted
     * @throws ManagedFlinkException if it cannot be set up
     */
    public static ManagedFlink processes(Path directory) {
        return configure().processes(directory);
    }

    /** Begins to configure an instance. */
    public static ManagedFlinkBuilder configure() {
        return new ManagedFlinkBuilder();
    }

    /** Returns how the supervisor of all clusters itself does: a lagging loop, looks and actions, as values. Any thread. */
    public SupervisorMetrics supervisorMetrics() {
        return wiring.supervisor().metrics();
    }

    /**
     * Judges a spec against everything that is known here: its keys, policies, storage adapters, the memory of a node,
     * and, in strict mode, what the launcher can keep. Nothing is started, and no storage is asked: {@link #checkStorage}
     * does that.
     *
     * @param spec the spec
     * @return advice that does not stop a launch; empty if there is none
     * @throws InvalidSpecException with every finding, advice among them, if one of them is an error
     */
    public List<Finding> check(ClusterSpec spec) {
        return check.require(spec);
    }

    /**
     * Does with a storage what a cluster will do with it, in a few small requests, as each launch does before it trusts one.
     * Blocks until the storage has answered.
     *
     * @param location where state is to be
     * @return advice: what works and could be better; empty if there is none
     * @throws ManagedFlinkException which says what cannot be done there, and what to do
     */
    public List<Finding> checkStorage(StorageLocation location) {
        surroundings.requireOpen();
        try (StateStorage storage = wiring.storages().open(location)) {
            return storage.verify();
        }
    }

    /**
     * Explains every key that a launch of a spec would set here, with names in the place of ports and directories.
     *
     * @param spec the spec, which need not be free of errors
     */
    public Explanations explain(ClusterSpec spec) {
        return previewOf(spec).explainAll(wiring.policies());
    }

    /**
     * Explains the value that a key would have if a spec were launched here.
     *
     * @param spec the spec, which need not be free of errors
     * @param key Flink's key
     */
    public Explanation explain(ClusterSpec spec, String key) {
        return previewOf(spec).explain(key, wiring.policies());
    }

    private LayeredConfiguration previewOf(ClusterSpec spec) {
        return wiring.launcher().preview(spec, wiring.policies().settings());
    }

    /**
     * Starts a cluster that the caller owns, and waits until it is up. Seconds the first time in a JVM, less than one
     * after that.
     *
     * <p>Jobs that a former cluster of this name left behind in the storage are not started; a submission of their names
     * continues them.
     *
     * @param spec what is wanted
     * @return the cluster; {@link ManagedCluster#close()} stops it
     * @throws InvalidSpecException if the spec cannot be launched here
     * @throws ManagedFlinkException if a cluster of that name runs, its storage cannot be used, or it cannot be started;
     *     then nothing of it is left
     */
    public ManagedCluster launch(ClusterSpec spec) {
        return start(spec, starter::launch);
    }

    /**
     * Keeps a cluster running from now on: continues the one of that name with all its jobs, or starts it. Returns at
     * once; {@link ManagedCluster#awaitHealthy} waits.
     *
     * <p>The journal remembers that it is wanted, and its spec. A spec that differs from the remembered one is not
     * applied; an event says in what it differs. {@link ManagedCluster#preview} and {@link ManagedCluster#apply} put it
     * in force. If a process died in the middle of the cluster's termination, that is finished first, and the cluster is new.
     *
     * @param spec what is wanted, if the cluster is new
     * @return the cluster; closing it or this instance lets go of it, {@link ManagedCluster#terminate()} ends it
     * @throws InvalidSpecException if the spec cannot be launched here
     * @throws ManagedFlinkException if this instance has a cluster of that name, or the journal cannot be used
     */
    public ManagedCluster operate(ClusterSpec spec) {
        return start(spec, starter::operate);
    }

    /**
     * Rebuilds a cluster of which nothing is left but its state, as {@link #operate} does with a journal: with the spec that
     * was in force last, and every job that had not ended, from its newest complete point. Returns at once;
     * {@link ManagedCluster#awaitHealthy} waits.
     *
     * <p>A job that cannot be restored is failed, with the reason as an event, and holds up no other. A cluster that was
     * terminated comes back without jobs. If this instance's journal remembers the cluster, its spec is the one in force.
     *
     * @param location where its state is, with what the adapter needs to reach it: credentials are not in the storage, and
     *     secrets that the spec refers to must be found here, too
     * @param cluster its name
     * @return the cluster, operated from now on
     * @throws ManagedFlinkException if the storage holds no such cluster, a process owns the cluster, or its death cannot be
     *     proved from here (see {@link StoredCluster#declareDead()}), or this instance has a cluster of that name
     */
    public ManagedCluster recover(StorageLocation location, String cluster) {
        surroundings.requireOpen();
        ClusterName name = new ClusterName(cluster);
        ClusterSpec spec;
        try (StateStorage storage = wiring.storages().open(location)) {
            spec = new ClusterRecord(storage, name).read();
        }
        return start(spec, starter::recover);
    }

    /**
     * Looks at a cluster in its state storage, whether it runs, somewhere or here, or nothing of it is left but its state.
     *
     * @param location where its state is, with what the adapter needs to reach it
     * @param cluster its name
     * @return what is stored; the caller closes it
     * @throws ManagedFlinkException if no adapter serves the location, or it cannot be opened
     */
    public StoredCluster stored(StorageLocation location, String cluster) {
        surroundings.requireOpen();
        ClusterName name = new ClusterName(cluster);
        StateStorage storage = wiring.storages().open(location);
        FormerOwner owner = new FormerOwner(storage, name, wiring.time(), wiring.launcher());
        return new StoredCluster(
                storage,
                name,
                surroundings,
                deletion -> {
                    owner.requireGone();
                    return deletion.get();
                },
                storage);
    }

    /**
     * Finds the recovery points of a job in its state storage, without any cluster.
     *
     * @param location where its cluster's state is
     * @param cluster its cluster's name
     * @param job its name
     * @return as {@link StoredCluster#recoveryPoints}
     */
    public RecoveryPoints recoveryPoints(StorageLocation location, String cluster, String job) {
        try (StoredCluster stored = stored(location, cluster)) {
            return stored.recoveryPoints(job);
        }
    }

    /**
     * Returns a cluster that this instance has.
     *
     * @param name its name
     */
    public Optional<ManagedCluster> cluster(String name) {
        return Optional.ofNullable(clusters.get(new ClusterName(name))).flatMap(ClusterEntry::cluster);
    }

    /**
     * Adds a listener for the events of all clusters from now on.
     *
     * @param listener called on the event thread, in order
     * @return removes it
     */
    public AutoCloseable onEvent(ClusterEventListener listener) {
        return wiring.events().subscribe(listener);
    }

    /**
     * Stops the launched clusters, lets go of the operated ones, and ends every thread of this instance. Any thread, any
     * number of times.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            ended.join();
            return;
        }
        try {
            closeAll();
        } finally {
            ended.complete(null);
        }
    }

    private void closeAll() {
        TearDown tearDown = new TearDown();
        tearDown.add(wiring.owned()::run);
        for (ClusterEntry entry : clusters.values()) {
            // A start that has begun is not cut off in the middle, but ended when it is up.
            entry.awaitSettled();
            tearDown.add(entry::release);
        }
        // All at once, each in its own lane: whoever shuts down does not wait as often as there are clusters.
        clusters.values().forEach(entry -> tearDown.add(entry::beginRelease));
        try {
            tearDown.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    null,
                    "close: not everything could be closed (expected: closed). " + Failures.rootCause(e),
                    e);
        }
    }

    private ManagedCluster start(ClusterSpec given, BiFunction<ClusterSpec, ClusterEntry, ManagedCluster> how) {
        surroundings.requireOpen();
        List<Finding> unusedAdvice = check(given);
        ClusterEntry entry = new ClusterEntry();
        if (clusters.putIfAbsent(given.name(), entry) != null) {
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    given.name().value(),
                    "cluster " + given.name() + ": exists in this ManagedFlink (expected: a new name). "
                            + "Use cluster(name), close it first, or choose another name.",
                    null);
        }
        try {
            ManagedCluster cluster = how.apply(given, entry);
            surroundings.requireOpen();
            return cluster;
        } catch (Throwable e) {
            entry.releaseAfter(e);
            clusters.remove(given.name(), entry);
            throw e;
        } finally {
            entry.settle();
        }
    }

    private final class OfClusters implements Surroundings {

        @Override
        public TimeSource time() {
            return wiring.time();
        }

        @Override
        public EventDispatcher events() {
            return wiring.events();
        }

        @Override
        public ClusterLauncher launcher() {
            return wiring.launcher();
        }

        @Override
        public Policies policies() {
            return wiring.policies();
        }

        @Override
        public StateStorage open(StorageLocation location) {
            return wiring.storages().open(location);
        }

        @Override
        public void requireOpen() {
            if (closed.get()) {
                throw new ManagedFlinkException(
                        Code.CLOSED, "ManagedFlink: closed (expected: open). Create another one.");
            }
        }

        @Override
        public void check(ClusterSpec spec) {
            ManagedFlink.this.check(spec);
        }

        @Override
        public void remember(ManagedCluster cluster, ClusterSpec spec) {
            if (cluster.cluster().isOperated()) {
                wiring.wanted().want(spec);
            }
        }

        @Override
        public void close(ManagedCluster cluster) {
            ClusterEntry entry = clusters.get(cluster.spec().name());
            if (entry == null || entry.cluster().filter(one -> one == cluster).isEmpty()) {
                return;
            }
            try {
                entry.release();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ManagedFlinkException(
                        Code.UNAVAILABLE,
                        cluster.name(),
                        "cluster " + cluster.name() + ": not everything could be closed (expected: closed). "
                                + Failures.rootCause(e),
                        Failures.unwrap(e));
            }
            clusters.remove(cluster.spec().name(), entry);
        }

        @Override
        public void terminate(ManagedCluster cluster) {
            requireOpen();
            cluster.supervision().end("it was terminated");
            Cluster terminated = cluster.cluster();
            terminated.refuseNewWork();
            CompletableFuture<Boolean> recorded = terminated.lane().run(() -> {
                new Termination(terminated, wiring.wanted()).run();
                return true;
            });
            boolean unused = Waiting.await(
                    cluster.name(),
                    "cluster " + cluster.name() + ", terminated",
                    recorded,
                    TERMINATED_WITHIN,
                    () -> "not so");
            close(cluster);
        }
    }
}
