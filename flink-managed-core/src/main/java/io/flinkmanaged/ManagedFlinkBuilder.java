package io.flinkmanaged;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.cluster.WantedClusters;
import io.flinkmanaged.config.ConfigurationPolicy;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEventListener;
import io.flinkmanaged.event.EventDispatcher;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.LimitedExecutor;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalLease;
import io.flinkmanaged.journal.file.FileJournal;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.minicluster.InProcessLauncher;
import io.flinkmanaged.launch.process.FlinkDistribution;
import io.flinkmanaged.launch.process.NodeOptions;
import io.flinkmanaged.launch.process.ProcessLauncher;
import io.flinkmanaged.launch.process.Traffic;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.SecretProvider;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.supervise.FailoverPolicy;
import io.flinkmanaged.supervise.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Configures a {@link ManagedFlink}; not thread-safe. */
public final class ManagedFlinkBuilder {

    /** Not all of the pool: a launch waits for answers, and who asks for them needs a thread, too. */
    private static final int MOST_OPERATIONS = SystemTimeSource.MAX_WORKERS * 2 / 3;

    private @Nullable Journal journal;
    private @Nullable Path journalDirectory;
    private @Nullable Path workingDirectory;
    private FailoverPolicy failoverPolicy = FailoverPolicy.standard();
    private final List<ConfigurationPolicy> policies = new ArrayList<>();
    private final List<SecretProvider> secretProviders = new ArrayList<>();
    private @Nullable FlinkDistribution distribution;
    private @Nullable InstantSource clock;
    private Traffic traffic = Traffic.TLS;
    private boolean strict;
    private boolean witnesses = true;
    private boolean keepsStandbys = true;
    private boolean sharesClasses = true;
    private AllowedSources allowed = AllowedSources.NONE;
    private final List<ClusterEventListener> listeners = new ArrayList<>();

    ManagedFlinkBuilder() {}

    /**
     * Sets where operated clusters are remembered: a directory of this host, opened now-ish and closed with the instance.
     * By default nothing outlives the instance.
     *
     * @param directory the directory; created if absent
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder journal(Path directory) {
        this.journalDirectory = requireNonNull(directory, "directory");
        this.journal = null;
        return this;
    }

    /**
     * Sets where operated clusters are remembered.
     *
     * @param journal the journal; closed by the caller, after the instance
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder journal(Journal journal) {
        this.journal = requireNonNull(journal, "journal");
        this.journalDirectory = null;
        return this;
    }

    /**
     * Sets where clusters keep their temporary files. By default a new directory below {@code java.io.tmpdir}, which is
     * deleted with the instance.
     *
     * @param directory the directory; created if absent, never deleted itself
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder workingDirectory(Path directory) {
        this.workingDirectory = requireNonNull(directory, "directory");
        return this;
    }

    /**
     * Sets who decides what is done about failures.
     *
     * @param policy the policy; {@link FailoverPolicy#standard()} by default
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder failoverPolicy(FailoverPolicy policy) {
        this.failoverPolicy = requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Adds a policy for the configuration of every cluster.
     *
     * @param policy what is demanded; of several policies, all hold
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder policy(ConfigurationPolicy policy) {
        policies.add(requireNonNull(policy, "policy"));
        return this;
    }

    /**
     * Adds where secrets of further schemes are kept.
     *
     * @param provider asked when a cluster is launched
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder secrets(SecretProvider provider) {
        secretProviders.add(requireNonNull(provider, "provider"));
        return this;
    }

    /**
     * Adds a listener for the events of all clusters.
     *
     * @param listener called on the event thread, in order
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder listener(ClusterEventListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Sets the Flink that processes run. By default the one on this JVM's class path.
     *
     * @param flink the distribution
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder distribution(FlinkDistribution flink) {
        this.distribution = requireNonNull(flink, "flink");
        return this;
    }

    /**
     * Has the processes of clusters that are launched from now on speak in clear, and their REST interface take everybody:
     * for measurements, and for machines that nobody else has an account on. By default every port wants a certificate.
     *
     * <p>A cluster that runs goes on as it was launched.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder unencrypted() {
        this.traffic = Traffic.CLEAR;
        return this;
    }

    /**
     * Leaves the end of a dead leader to ZooKeeper's time-out of its session, six seconds. By default the library, which
     * saw the process die, removes that process's own claim from the election, so that the next one leads at once. For
     * measurements, and for whoever wants nobody but Flink to write there.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder withoutWitness() {
        this.witnesses = false;
        return this;
    }

    /**
     * Has processes load their classes as any JVM does. By default, after the first launch in a directory, archives of the
     * classes (AppCDS) are made there in the background, for about a minute and with the lowest priority, and from then on
     * processes start in about half the time. For directories that do not last, as a test's.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder withoutClassSharing() {
        this.sharesClasses = false;
        return this;
    }

    /**
     * Keeps no prepared processes. By default each of a single node's JobManager and TaskManager has a JVM of the same limits
     * that waits to take its place, in about 250 MiB of memory that the machine has to spare beyond the plan; where 512 MiB are
     * not free, there is none. It is prepared when the cluster has been calm for ten seconds.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder withoutStandbys() {
        this.keepsStandbys = false;
        return this;
    }

    /**
     * Lets people and tools of these places use REST through the firewalls of nodes, with a certificate all the same. Each node
     * has its firewall as an nftables file in its directory, {@code firewall.nft}; loading it is the embedder's, as
     * {@code nft -f} wants root. By default nobody gets through but the cluster's own nodes and, where nodes listen on a loopback
     * address, whoever is on the machine.
     *
     * @param networks IP addresses ({@code 10.0.0.5}) and networks in CIDR form ({@code 10.1.0.0/16}), in the place of those
     *     that were named before; rendered from the next start of a process on
     * @return this
     * @throws InvalidInputException if one is neither
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder allowRestFrom(String... networks) {
        this.allowed = new AllowedSources(List.of(), List.of(networks));
        return this;
    }

    /**
     * Sets what tells the time of day: for the dates of events, incidents, records and certificates. It may jump, and need
     * not be that of the processes; certificates that are issued by a clock more than a day ahead of theirs are refused. What
     * is decided, and how long anything is waited for, counts ticks and never asks it, so a test that sets it ages
     * certificates, and nothing else.
     *
     * @param clock called on any thread, often, so it must not block; what it throws fails what asked. The system's by default
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder clock(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Makes it an error when the launcher cannot keep something that a spec says; otherwise an event says so.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public ManagedFlinkBuilder strict() {
        this.strict = true;
        return this;
    }

    /**
     * Creates an instance that runs clusters in this JVM.
     *
     * @return the instance; the caller closes it
     * @throws ManagedFlinkException if two policies give one key different values, the journal is in use, or a directory
     *     cannot be used; then nothing is left open
     */
    public ManagedFlink inProcess() {
        return launching(InProcessLauncher::new);
    }

    /**
     * Creates an instance that runs clusters as processes of this machine; Linux only.
     *
     * <p>The processes of an operated cluster go on when this JVM ends: the next instance that operates it, with the same
     * directory, takes them over. Those of a launched cluster end with this JVM, also if it is killed. Unless another journal
     * is set, it is kept in the directory, too.
     *
     * <p>Every port listens on 127.0.0.1 and wants a certificate of the cluster's own authorities, whose keys lie in the
     * directory, readable by this user alone. {@link ManagedCluster#grantAccess} gives one to a person or a tool.
     *
     * @param directory where nodes keep everything; created if absent, never deleted
     * @return the instance; the caller closes it
     * @throws ManagedFlinkException as {@link #inProcess}
     */
    public ManagedFlink processes(Path directory) {
        requireNonNull(directory, "directory");
        if (!remembers()) {
            ManagedFlinkBuilder unused =
                    journal(Directories.create(directory.toAbsolutePath()).resolve("journal"));
        }
        FlinkDistribution flink = distribution == null ? FlinkDistribution.ofClassPath() : distribution;
        NodeOptions options = new NodeOptions(flink, traffic, witnesses, sharesClasses, keepsStandbys, allowed);
        return launching((time, secrets) -> new ProcessLauncher(directory.resolve("nodes"), options, time, secrets));
    }

    /**
     * Creates an instance that runs clusters in a way of the embedder's own: on machines that this library does not know, or
     * simulated.
     *
     * @param launching makes the launcher, of this instance's time and threads, and of what resolves references to secrets; the
     *     instance closes it
     * @return the instance; the caller closes it
     * @throws ManagedFlinkException as {@link #inProcess}
     */
    public ManagedFlink launching(BiFunction<TimeSource, Secrets, ClusterLauncher> launching) {
        requireNonNull(launching, "launching");
        TearDown opened = new TearDown();
        try {
            return wire(opened, launching);
        } catch (RuntimeException e) {
            opened.after(e);
            throw e;
        }
    }

    private ManagedFlink wire(TearDown opened, BiFunction<TimeSource, Secrets, ClusterLauncher> launching) {
        SystemTimeSource time = clock == null ? new SystemTimeSource() : new SystemTimeSource(clock);
        opened.add(time);
        Secrets secrets = Secrets.withThoseOnClassPath(secretProviders);
        opened.add(secrets);
        // Early, because it begins to load Flink's RPC system beside what else a JVM does for the first time.
        ClusterLauncher launcher = launching.apply(time, secrets);
        opened.add(launcher);
        Path directory = openDirectory(opened);
        UserJars userJars = new UserJars(directory);
        opened.add(userJars);
        Journal openJournal = openJournal(opened);
        JournalLease lease = JournalLease.acquire(openJournal, time.newId());
        opened.add(lease);
        EventDispatcher events = new EventDispatcher(time, thread("flink-managed-events", opened));
        listeners.forEach(events::subscribe);
        Supervisor supervisor =
                new Supervisor(time, failoverPolicy, thread("flink-managed-supervisor", opened), events::publish);
        return new ManagedFlink(new Wiring(
                time,
                new LimitedExecutor(time.blocking(), MOST_OPERATIONS),
                launcher,
                StorageProviders.onClassPath(secrets),
                events,
                supervisor,
                lease,
                new WantedClusters(openJournal),
                userJars,
                remembers() ? Optional.of(new KnownEpochs(openJournal)) : Optional.empty(),
                directory,
                Policies.of(policies),
                secrets,
                strict,
                opened));
    }

    private Path openDirectory(TearDown opened) {
        if (workingDirectory != null) {
            return Directories.create(workingDirectory.toAbsolutePath());
        }
        try {
            Path directory = Files.createTempDirectory("flink-managed-");
            opened.add(() -> Directories.deleteTree(directory));
            return directory;
        } catch (IOException e) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    null,
                    "working directory: none can be created in " + System.getProperty("java.io.tmpdir")
                            + " (expected: a directory that can be written). Name one with workingDirectory(…): "
                            + Failures.rootCause(e),
                    e);
        }
    }

    private boolean remembers() {
        return journal != null || journalDirectory != null;
    }

    private Journal openJournal(TearDown opened) {
        if (journal != null) {
            return journal;
        }
        Journal own = journalDirectory == null ? new InMemoryJournal() : FileJournal.open(journalDirectory);
        opened.add(own);
        return own;
    }

    /** One thread that ends when it has had nothing to do for a while; what comes after its end is dropped. */
    private static ExecutorService thread(String name, TearDown opened) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
        opened.add(() -> {
            executor.shutdown();
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        });
        return executor;
    }
}
