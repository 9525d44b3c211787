package io.flinkmanaged.launch.minicluster;

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
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.render.Placement;
import io.flinkmanaged.render.RenderedCluster;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;

/**
 * Runs clusters in this JVM, each a {@code MiniCluster} of Flink's with REST and web UI on a free loopback port.
 *
 * <p>What a job does to this JVM it does to the embedder: {@code System.exit} in a user's function ends it, an {@code
 * InternalError} makes Flink halt it. Flink's switch against the former works in its own processes only. Who runs code
 * that he does not trust runs it in processes.
 */
public final class InProcessLauncher implements ClusterLauncher {

    /** What Flink hands to file systems in FileSystem.initialize, which a MiniCluster never calls. */
    private static final List<String> FILE_SYSTEMS = List.of("fs.", "s3.", "s3a.", "gs.");

    private final TimeSource time;
    private final Secrets secrets;
    private final CompletableFuture<SharedRpcSystem> rpcSystem;

    /**
     * Creates a launcher and begins to load, on another thread, what its clusters will share.
     *
     * @param time the time and threads it uses; closed by the caller, after this
     * @param secrets resolves what a configuration refers to, for Flink alone; closed by the caller, after this
     */
    public InProcessLauncher(TimeSource time, Secrets secrets) {
        this.time = time;
        this.secrets = secrets;
        this.rpcSystem = CompletableFuture.supplyAsync(SharedRpcSystem::acquire, time.blocking());
    }

    @Override
    public String name() {
        return "in-process";
    }

    @Override
    public List<Finding> unkept(ClusterSpec spec) {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "plan " + spec.plan().name(),
                spec.plan().nodeMemory().toHumanReadableString() + " a node",
                "advisory in process: all clusters share this JVM's heap",
                "Give the JVM enough memory, or run the cluster as processes."));
        if (spec.plan().nodes() > 1) {
            findings.add(new Finding(
                    "plan " + spec.plan().name(),
                    spec.plan().nodes() + " nodes",
                    "one JobManager in process, whatever the number of TaskManagers",
                    "It is restarted as a new epoch; run the cluster as processes for standby JobManagers."));
        }
        spec.overrides().keySet().stream()
                .filter(InProcessLauncher::isOfAFileSystem)
                .forEach(key -> findings.add(new Finding(
                        "override " + key,
                        "set",
                        "no effect in process: Flink's file systems belong to the JVM, not to a cluster",
                        "Set it in the state storage's options, or call FileSystem.initialize yourself.")));
        return findings;
    }

    private static boolean isOfAFileSystem(String key) {
        return FILE_SYSTEMS.stream().anyMatch(key::startsWith);
    }

    /** Flink's MiniCluster gives every TaskManager the configuration that it was made with, so nothing is rolled here. */
    @Override
    public Disruption takes(Disruption least) {
        return ClusterLauncher.super.takes(least);
    }

    @Override
    public LayeredConfiguration preview(ClusterSpec spec, List<Setting> settings) {
        return ClusterRenderer.render(spec, Placement.symbolic(), settings).configuration();
    }

    @Override
    public LaunchedCluster launch(LaunchOrder order, Runnable changed) {
        String name = order.spec().name().value();
        RenderedCluster cluster =
                ClusterRenderer.render(order.spec(), new Placement(order.epoch(), order.directory()), order.settings());
        TearDown started = new TearDown();
        try {
            Directories.create(cluster.placement().directory());
            started.add(() -> Directories.deleteTree(cluster.placement().directory()));
            Configuration configuration = cluster.configuration().toFlink(secrets::resolveIn);
            BindAddresses.check(configuration);
            SessionMiniCluster miniCluster = new SessionMiniCluster(
                    configuration,
                    secretsOf(cluster),
                    cluster.nodes().size(),
                    cluster.spec().taskSlots(),
                    rpcSystem.join());
            miniCluster.startOrLeaveNothing();
            started.add(() -> miniCluster.closeAsync().get(1, TimeUnit.MINUTES));
            MiniClusterJobs jobs = new MiniClusterJobs(miniCluster, configuration);
            return RunningMiniCluster.attach(cluster, time, miniCluster, jobs, changed);
        } catch (Throwable e) {
            started.after(e);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new LaunchException(
                    name,
                    "cluster " + name + ", " + cluster.placement().epoch() + ": could not be started in process: "
                            + Failures.rootCause(Failures.unwrap(e)) + ". Nothing of it is left running.",
                    e);
        }
    }

    /** Returns the keys in whose values there is a secret. */
    private static Set<String> secretsOf(RenderedCluster cluster) {
        return cluster.configuration().effective().stream()
                .filter(setting -> !SecretRef.in(setting.value()).isEmpty())
                .map(Setting::key)
                .collect(Collectors.toSet());
    }

    /** Gives back what the clusters shared. */
    @Override
    public void close() {
        rpcSystem
                .handle((loaded, failure) -> {
                    // What could not be loaded was reported by the launch that needed it.
                    if (failure == null) {
                        loaded.close();
                    }
                    return true;
                })
                .join();
    }
}
