package io.flinkmanaged.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobSubmissionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.Reference;

/**
 * Runs a small job once in this JVM, JobManager and TaskManager and all, on loopback, with the keys of the node: a job that
 * takes checkpoints, fails, and goes on. A process that is to do the same for the first time in its life then has done it
 * before.
 *
 * <p>A rehearsal that fails is none: the process is as it would have been without, only later.
 */
final class Rehearsal {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String KEYS = "security.ssl.";
    private static final Duration AT_MOST = Duration.ofSeconds(30);

    /** Small, and nothing that the node's own configuration asks for but its keys. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("jobmanager.bind-host", LOOPBACK),
            Map.entry("taskmanager.bind-host", LOOPBACK),
            Map.entry("taskmanager.host", LOOPBACK),
            Map.entry("rest.address", LOOPBACK),
            Map.entry("rest.bind-address", LOOPBACK),
            Map.entry("rest.port", "0"),
            Map.entry("rest.bind-port", "0"),
            Map.entry("web.submit.enable", "false"),
            Map.entry("taskmanager.memory.network.min", "4m"),
            Map.entry("taskmanager.memory.network.max", "4m"),
            Map.entry("taskmanager.memory.managed.size", "1m"),
            Map.entry("restart-strategy.type", "fixed-delay"),
            Map.entry("restart-strategy.fixed-delay.delay", "0 ms"),
            Map.entry("slot.request.max-interval", "1 ms"),
            Map.entry("slotmanager.requirement-check.delay", "0 ms"),
            Map.entry("security.delegation.tokens.enabled", "false"));

    private Rehearsal() {}

    /**
     * Does so; returns after {@link #AT_MOST} in any case.
     *
     * @param temporary a directory for what it writes meanwhile
     */
    static void play(String temporary) {
        Path place = Path.of(temporary).toAbsolutePath().resolve("rehearsal");
        Thread stage = new Thread(() -> rehearse(place), "rehearsal");
        stage.setDaemon(true);
        stage.start();
        try {
            stage.join(AT_MOST.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stage.isAlive()) {
            System.err.println("The rehearsal was not over after " + AT_MOST + ", and is ended.");
            stage.interrupt();
        }
    }

    private static void rehearse(Path place) {
        try {
            Configuration configuration = configuration(place);
            StreamGraph job = RehearsedJob.graph(configuration);
            MiniClusterConfiguration cluster = new MiniClusterConfiguration.Builder()
                    .setConfiguration(configuration)
                    .setNumTaskManagers(1)
                    .setNumSlotsPerTaskManager(1)
                    .setRpcServiceSharing(RpcServiceSharing.DEDICATED)
                    .setCommonBindAddress(LOOPBACK)
                    .build();
            RpcSystem onLoopback = new LoopbackRpcSystem(KeptRpcSystem.load(configuration), LOOPBACK);
            try (MiniCluster rehearsed = new MiniCluster(cluster, () -> Reference.borrowed(onLoopback))) {
                rehearsed.start();
                JobSubmissionResult submitted = rehearsed.submitJob(job).get(AT_MOST.toSeconds(), TimeUnit.SECONDS);
                RehearsedJob.awaitEnd();
                Object unused = rehearsed.cancelJob(submitted.getJobID()).get(AT_MOST.toSeconds(), TimeUnit.SECONDS);
            }
            // What it has left behind would be memory of a process that waits.
            System.gc();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            System.err.println("No rehearsal: " + e);
            e.printStackTrace();
        } finally {
            FileUtils.deleteDirectoryQuietly(place.toFile());
        }
    }

    private static Configuration configuration(Path place) {
        Configuration configuration = new Configuration();
        GlobalConfiguration.loadConfiguration().toMap().forEach((key, value) -> {
            if (key.startsWith(KEYS)) {
                configuration.setString(key, value);
            }
        });
        SETTINGS.forEach(configuration::setString);
        // The RPC system's jar stays there for as long as the process lives.
        configuration.setString(
                "io.tmp.dirs", place.resolveSibling(".").normalize().toString());
        configuration.setString("process.working-dir", place.toString());
        configuration.setString(
                "execution.checkpointing.dir",
                place.resolve("checkpoints").toUri().toString());
        return configuration;
    }
}
