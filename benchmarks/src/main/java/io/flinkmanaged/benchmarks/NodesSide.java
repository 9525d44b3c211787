package io.flinkmanaged.benchmarks;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedFlinkBuilder;
import io.flinkmanaged.config.ConfigurationPolicy;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.RestartStrategy;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;

/**
 * Clusters of processes: as this library ships them, or with every figure that decides a fail-over as Flink's own default.
 * The processes, TLS, ZooKeeper and who starts a dead process again (at once, as a shell loop does) are the same.
 */
final class NodesSide implements AutoCloseable {

    private static final MemorySize MEMORY = MemorySize.ofMebiBytes(1024);

    /**
     * Flink 2.3.0's own values of what this library sets otherwise; the last line is Java's. Flink asks for a session of 60 s,
     * which a ZooKeeper on its own defaults cuts to 20 of its ticks; the library's does not (decision 0079).
     */
    private static final Map<String, String> FLINKS = Map.ofEntries(
            Map.entry("heartbeat.interval", "10 s"),
            Map.entry("heartbeat.timeout", "50 s"),
            Map.entry("heartbeat.rpc-failure-threshold", "2"),
            Map.entry("high-availability.zookeeper.client.session-timeout", "40 s"),
            Map.entry("high-availability.zookeeper.client.connection-timeout", "15 s"),
            Map.entry("high-availability.zookeeper.client.retry-wait", "5 s"),
            Map.entry("high-availability.zookeeper.client.max-retry-wait", "60 s"),
            Map.entry("high-availability.zookeeper.client.max-retry-attempts", "3"),
            Map.entry("high-availability.zookeeper.client.tolerate-suspended-connections", "false"),
            Map.entry("cluster.registration.error-delay", "10 s"),
            Map.entry("cluster.registration.refused-registration-delay", "30 s"),
            Map.entry("cluster.registration.max-timeout", "30 s"),
            Map.entry("slotmanager.requirement-check.delay", "50 ms"),
            Map.entry("slot.request.max-interval", "20 ms"),
            Map.entry(
                    "env.java.opts.all",
                    "-XX:Tier4InvocationThreshold=5000 -XX:Tier4MinInvocationThreshold=600 "
                            + "-XX:Tier4CompileThreshold=15000 -XX:Tier4BackEdgeThreshold=40000"));

    private final String label;
    private final Map<String, String> overrides;
    private final boolean flinks;
    private final Path directory;
    private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();
    private final ManagedFlink flink;

    private NodesSide(String label, boolean flinks, ManagedFlinkBuilder builder, Path directory) {
        this.label = label;
        this.flinks = flinks;
        this.overrides = flinks ? FLINKS : Map.of();
        this.directory = directory;
        this.flink = builder.listener(events::add).processes(directory);
    }

    static NodesSide asShipped(Path directory) {
        return new NodesSide(ManagedSide.LABEL, false, ManagedFlink.configure(), directory);
    }

    /** As shipped, but nobody tells an election of a death. */
    static NodesSide withoutWitness(Path directory) {
        return new NodesSide(
                "without the witness", false, ManagedFlink.configure().withoutWitness(), directory);
    }

    /** As shipped, but without class-data archives. */
    static NodesSide withoutClassSharing(Path directory) {
        return new NodesSide(
                "without class sharing", false, ManagedFlink.configure().withoutClassSharing(), directory);
    }

    static NodesSide onFlinksDefaults(Path directory) {
        ConfigurationPolicy defaults = ConfigurationPolicy.named("benchmark")
                .grant("high-availability.zookeeper.client.", "Flink's defaults are measured")
                .build();
        return new NodesSide(
                "Flink's defaults",
                true,
                ManagedFlink.configure()
                        .withoutWitness()
                        .withoutClassSharing()
                        .withoutStandbys()
                        .policy(defaults),
                directory);
    }

    String label() {
        return label;
    }

    List<ClusterEvent> events() {
        return events;
    }

    /** Returns how many prepared processes a single node has when it is calm. */
    int standbys() {
        return flinks ? 0 : 2;
    }

    Path processes() {
        return directory;
    }

    /** Launches a cluster with as many slots as nodes, so that one of three has two to spare. */
    ManagedCluster launch(String name, int nodes) throws IOException {
        ClusterSpec.Builder spec = ClusterSpec.named(name)
                .plan(Plan.custom("benchmark-" + nodes, nodes, MEMORY, 1))
                .taskSlots(1)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1))
                        .to(FileStorage.at(Files.createDirectories(
                                directory.resolve("state").resolve(name)))));
        if (flinks) {
            spec.restartStrategy(RestartStrategy.exponentialDelay());
        }
        overrides.forEach(spec::override);
        return flink.launch(spec.build());
    }

    /** Waits until processes start from archives, which the first launch has had made. */
    void awaitArchives() throws IOException, TimeoutException {
        Path distributions = directory.resolve("nodes").resolve("distributions");
        Stopwatch watch = Stopwatch.started();
        while (archivesIn(distributions).size() < 3
                || Files.exists(directory.resolve("nodes").resolve("training"))) {
            if (watch.seconds() > Patience.LIMIT.toSeconds()) {
                throw new TimeoutException("No class-data archives within " + Patience.LIMIT);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private static List<Path> archivesIn(Path directory) throws IOException {
        List<Path> archives = new ArrayList<>();
        try (DirectoryStream<Path> classes = Files.newDirectoryStream(directory, "*-classes")) {
            for (Path one : classes) {
                try (Stream<Path> all = Files.walk(one)) {
                    all.filter(path -> path.toString().endsWith(".jsa")).forEach(archives::add);
                }
            }
        }
        return archives;
    }

    /** Deletes what JobManagers have left for their successors so far. */
    void deleteHighAvailabilityData() throws IOException {
        List<Path> left;
        try (Stream<Path> all = Files.find(directory.resolve("state"), 4, (path, attributes) -> path.toString()
                .matches(".*/ha/epoch-\\d+"))) {
            left = all.toList();
        }
        for (Path epoch : left) {
            MoreFiles.deleteRecursively(epoch, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    @Override
    public void close() {
        flink.close();
    }
}
