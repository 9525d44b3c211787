package io.flinkmanaged.launch.process;

import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.process.Places.Placed;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.render.ProcessRenderer;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.ClusterCertificates;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs clusters as processes, of this machine or of several hosts: each node a directory with a ZooKeeper peer, a JobManager and a TaskManager.
 *
 * <p>Processes are started in sessions of their own and live on when this JVM ends. Their deaths are seen at once: of
 * those that this JVM started by the operating system, of others by a look ten times a second. No thread of this class's own
 * runs.
 */
public final class ProcessLauncher implements ClusterLauncher {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);

    private final TimeSource time;
    private final Secrets secrets;
    private final NodeOptions options;
    private final Hosts hosts;
    private final Places places;
    private final Optional<Manner> manner;
    private final ClassTraining training;
    private @Nullable Map<Host, Path> libs;

    /**
     * Creates a launcher.
     *
     * @param home where nodes keep everything; one of a kind on its machine for each set of clusters
     * @param options what is chosen for all nodes
     * @param time the time and threads it uses; closed by the caller, after this
     * @param secrets resolves what a configuration refers to; closed by the caller, after this
     */
    public ProcessLauncher(Path home, NodeOptions options, TimeSource time, Secrets secrets) {
        this(home, List.of(LocalHost.below(home.toAbsolutePath(), time)), options, time, secrets);
    }

    /**
     * Creates a launcher.
     *
     * @param home where the library keeps what it knows of nodes and their keys, on this machine, and below which nodes keep
     *     everything, on theirs
     * @param hosts where nodes run: node 1 on the first one, node 2 on the second; if there are more nodes, it begins anew
     * @param options what is chosen for all nodes
     * @param time the time and threads it uses; closed by the caller, after this
     * @param secrets resolves what a configuration refers to; closed by the caller, after this
     */
    public ProcessLauncher(Path home, List<Host> hosts, NodeOptions options, TimeSource time, Secrets secrets) {
        this(Directories.create(home.toAbsolutePath()), new Hosts(hosts), options, Optional.empty(), time, secrets);
    }

    private ProcessLauncher(
            Path home, Hosts hosts, NodeOptions options, Optional<Manner> manner, TimeSource time, Secrets secrets) {
        this.time = time;
        this.secrets = secrets;
        this.options = options;
        this.hosts = hosts;
        this.places = new Places(home, hosts);
        this.manner = manner;
        this.training = new ClassTraining(home, hosts.first(), time);
    }

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public List<Finding> unkept(ClusterSpec spec) {
        return options.traffic() == Traffic.TLS
                ? List.of()
                : List.of(new Finding(
                        "traffic of cluster " + spec.name(),
                        "in clear, and nobody proves who he is",
                        "TLS on every port",
                        "Leave out ManagedFlinkBuilder.unencrypted(), or run it only where nobody else has an account on "
                                + "the machine."));
    }

    @Override
    public List<Finding> judge(ClusterSpec spec) {
        return hosts.judge(spec);
    }

    /** Processes are not exchanged one by one for a change yet. */
    @Override
    public Disruption takes(Disruption least) {
        return ClusterLauncher.super.takes(least);
    }

    @Override
    public LayeredConfiguration preview(ClusterSpec spec, List<Setting> settings) {
        ProcessPlacement symbolic = ProcessPlacement.symbolic(spec);
        ProcessPlacement placement = options.traffic() == Traffic.TLS ? symbolic : symbolic.unsecured();
        return ProcessRenderer.render(spec, placement, settings)
                .get(0)
                .process(Kind.JOB_MANAGER)
                .configuration();
    }

    @Override
    public LaunchedCluster launch(LaunchOrder order, Runnable changed) {
        requireFileSystem(order);
        requireNobody(order);
        EpochHome home;
        RunningNodes running;
        try {
            concludeFormer(order.spec().name());
            // Nobody lives who knows other authorities, so that those that are gone may be made anew.
            home = homeOf(order, ClusterCertificates::open);
            running = running(home, changed);
        } catch (Exception e) {
            throw nothingStarted(order, e);
        }
        try {
            running.startAll();
            train();
            return running;
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw tearDown(order, home, running, e);
        }
    }

    @Override
    public Optional<String> place() {
        return Optional.of(places.home());
    }

    @Override
    public Liveness livenessOf(ClusterName cluster, Epoch epoch) {
        try {
            return hosts.find(places.of(cluster, epoch)).isEmpty() ? Liveness.DEAD : Liveness.ALIVE;
        } catch (IOException e) {
            return Liveness.UNKNOWN;
        }
    }

    @Override
    public Optional<LaunchedCluster> adopt(LaunchOrder order, Runnable changed) {
        try {
            List<HostProcess> living = hosts.find(places.of(order.spec().name(), order.epoch()));
            if (living.isEmpty()
                    || places.find(order.spec().name(), order.epoch()).isEmpty()) {
                return Optional.empty();
            }
            // What a job has started holds no seat; if nothing else lives, the epoch is seen dead, and that ends with
            // it.
            List<HostProcess> ofNodes =
                    living.stream().filter(one -> !one.isDescendant()).toList();
            EpochHome home = homeOf(order, ClusterCertificates::find);
            Validities.in(home).requireValid(ofNodes, time.now());
            RunningNodes running = running(home, changed);
            takeOver(running, ofNodes);
            train();
            return Optional.of(running);
        } catch (Exception e) {
            throw new LaunchException(
                    order.spec().name().value(),
                    "cluster " + order.spec().name() + ", " + order.epoch()
                            + ": its processes live and could not be taken over. " + reason(e),
                    e);
        }
    }

    private static void takeOver(RunningNodes running, List<HostProcess> living) {
        try {
            running.adopt(living);
        } catch (Throwable e) {
            StopConfirmation unused = running.letGo();
            throw e;
        }
    }

    /** Also those that cannot be taken over any more, because their certificates have ended, say. */
    @Override
    public StopConfirmation end(LaunchOrder order) {
        return new EpochEnd(hosts, places).of(order.spec().name(), order.epoch(), Manner.DRAINED_WITHIN);
    }

    /** What this library says is for people, and says what to do: all of it. */
    private static String reason(Exception failure) {
        return failure instanceof InvalidInputException || failure instanceof UncheckedIOException
                ? String.valueOf(failure.getMessage())
                : Failures.rootCause(failure);
    }

    private LaunchException nothingStarted(LaunchOrder order, Exception cause) {
        try {
            places.conclude(order.spec().name(), order.epoch());
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        return failed(order, reason(cause), cause);
    }

    private LaunchException tearDown(LaunchOrder order, EpochHome home, RunningNodes running, Throwable cause) {
        String why = Failures.rootCause(Failures.unwrap(cause)) + running.lastWords();
        AtomicReference<StopConfirmation> end =
                new AtomicReference<>(new StopConfirmation(false, "their end failed, as a suppressed exception says"));
        TearDown steps = new TearDown();
        // Last: what has ended has left room, if it was a full disk that the launch failed for.
        steps.add(home::keepRendered);
        steps.add(running::letGo);
        steps.add(() -> end.set(running.stop()));
        steps.after(cause);
        StopConfirmation stopped = Objects.requireNonNull(end.get());
        String left = stopped.confirmed() ? stopped.detail() : "Not confirmed dead: " + stopped.detail();
        String all = why + home.takenPorts() + "\nWhat was rendered and logged is in " + home.logs() + ". " + left;
        return failed(order, all.strip(), cause);
    }

    private static LaunchException failed(LaunchOrder order, String why, @Nullable Throwable cause) {
        String name = order.spec().name().value();
        return new LaunchException(
                name,
                "cluster " + name + ", " + order.epoch()
                        + ": could not be started as processes (expected: every TaskManager registered). " + why,
                cause);
    }

    /** Nodes have no file system but Flink's own for files, and what the storage gives them. */
    private static void requireFileSystem(LaunchOrder order) {
        if (!order.highAvailability().startsWith("file:")
                && order.fileSystem().get().isEmpty()) {
            throw failed(
                    order,
                    "State storage " + order.highAvailability()
                            + " (expected: one that nodes reach, too, and its adapter gives them no file system). Use "
                            + "another storage, or run the cluster in process.",
                    null);
        }
    }

    /** Whoever lives in the cluster's directory belongs to another epoch, or to somebody who uses the same home. */
    private void requireNobody(LaunchOrder order) {
        List<HostProcess> living;
        try {
            living = hosts.find(places.of(order.spec().name()));
        } catch (IOException e) {
            throw failed(order, "Whether processes of it live cannot be told: " + e, e);
        }
        if (!living.isEmpty()) {
            throw failed(
                    order,
                    "Another epoch of a cluster of this name lives in "
                            + places.of(order.spec().name()) + ": "
                            + living.stream().map(HostProcess::id).toList()
                            + ". Close that cluster, end its processes, or use another directory.",
                    null);
        }
    }

    /**
     * Nobody lives in the cluster's directory, and still epochs may be there: of a JVM that was killed with its processes, or
     * of a machine that was started anew. They hold keys, secrets and ports.
     */
    private void concludeFormer(ClusterName cluster) throws IOException {
        for (Epoch former : places.epochsOf(cluster)) {
            try {
                places.conclude(cluster, former);
                LOG.info("cluster {}, {}: nothing of it lived. Its logs are kept, its files deleted.", cluster, former);
            } catch (IOException | UncheckedIOException | InvalidInputException e) {
                // Files that are left keep no cluster down; the next launch tries again.
                LOG.warn(
                        "cluster {}, {}: nothing of it lives, and its files could not be deleted. Delete {}, which holds "
                                + "keys and secrets: {}",
                        cluster,
                        former,
                        places.of(cluster, former),
                        e.toString());
            }
        }
    }

    private EpochHome homeOf(LaunchOrder order, AuthoritySource authorities) throws IOException {
        Placed placed = places.place(order.spec(), order.epoch(), options.traffic());
        EpochSecurity security =
                placed.traffic() == Traffic.TLS ? certified(order.spec().name(), authorities) : EpochSecurity.NONE;
        ProcessPlacement placement = new ProcessPlacement(order.epoch(), order.highAvailability(), placed.nodes());
        return new EpochHome(hosts, places, order, placement, security, options.allowed());
    }

    private EpochSecurity certified(ClusterName cluster, AuthoritySource authorities) {
        return new CertifiedEpoch(authorities.of(places.securityOf(cluster), cluster, time));
    }

    private RunningNodes running(EpochHome home, Runnable changed) throws Exception {
        Map<Host, Path> libs = libs();
        NodeStart starts = new NodeStart(
                secrets,
                home,
                libs,
                host -> manner.orElseGet(
                        () -> Manner.usual(ClassArchives.of(host, Objects.requireNonNull(libs.get(host))))));
        NodeProcesses processes = new NodeProcesses(time, changed);
        RestAddresses addresses = new RestAddresses(home.allRest());
        RestJobs jobs =
                RestJobs.at(addresses, home.security().restClient(addresses.current()), time, processes::allAreDead);
        Witness witness = new Witness(
                options.witnesses(),
                time,
                () -> Election.open(
                        home.configuration().toFlink(), home.security().zooKeeperClient()));
        Optional<Standbys> standbys =
                options.keepsStandbys() ? Optional.of(new Standbys(home, starts, processes, time)) : Optional.empty();
        return new RunningNodes(home, starts, processes, addresses, jobs, witness, standbys, time);
    }

    /** Once: to find out that it is there already, every jar is read. */
    private synchronized Map<Host, Path> libs() throws IOException {
        Map<Host, Path> known = libs;
        if (known == null) {
            known = hosts.install(options.distribution());
            libs = known;
        }
        return known;
    }

    /** Only now, when it takes nothing from a launch; on the first host, and hosts that share its disk gain, too. */
    private void train() throws IOException {
        if (options.sharesClasses()) {
            NodeOptions ofTraining =
                    new NodeOptions(options.distribution(), Traffic.TLS, false, false, false, AllowedSources.NONE);
            Host first = hosts.first();
            training.begin(
                    ClassArchives.of(first, Objects.requireNonNull(libs().get(first))),
                    (directory, in) -> new ProcessLauncher(
                            directory, new Hosts(List.of(first)), ofTraining, Optional.of(in), time, secrets));
        }
    }

    @Override
    public void close() {
        training.close();
    }

    /** Finds the authorities of a cluster, and makes them or does not. */
    @FunctionalInterface
    private interface AuthoritySource {
        ClusterCertificates of(Path directory, ClusterName cluster, TimeSource time);
    }
}
