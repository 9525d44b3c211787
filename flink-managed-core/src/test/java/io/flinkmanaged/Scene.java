package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.change.Acknowledgement;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.process.FlinkDistribution;
import io.flinkmanaged.launch.process.NodeOptions;
import io.flinkmanaged.launch.process.ProcessLauncher;
import io.flinkmanaged.launch.process.Traffic;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.storage.file.FileStorage;
import io.flinkmanaged.supervise.FailoverPolicy;
import io.flinkmanaged.supervise.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;

/** A cluster of processes that one library after the other operates, with jobs that count, all of it below one directory. */
final class Scene implements AutoCloseable {

    static final String NAME = "bequeathed";

    private static final long NUMBERS = 200_000;
    private static final double PER_SECOND = 200;
    private static final String POISONED = "poisoned";

    private final Path directory;
    private final Diary diary = new Diary();
    private final ManagedFlink flink;
    private final ManagedCluster cluster;

    /** Operates the cluster. */
    Scene(Path directory, int nodes, MortalProcess process) throws IOException {
        this.directory = directory;
        NodeOptions options =
                new NodeOptions(FlinkDistribution.ofClassPath(), Traffic.TLS, true, false, false, AllowedSources.NONE);
        this.flink = ManagedFlink.configure()
                .journal(directory.resolve("journal"))
                .listener(diary)
                .listener(event -> System.out.println(event.at() + " " + event.text()))
                .failoverPolicy(FailoverPolicy.quarantiningAfter(5, Duration.ZERO))
                .launching((time, secrets) -> process.door(
                        ClusterLauncher.class,
                        new ProcessLauncher(directory.resolve("nodes"), options, time, secrets)));
        this.cluster = flink.operate(spec(directory, nodes));
    }

    private static ClusterSpec spec(Path directory, int nodes) {
        return ClusterSpec.named(NAME)
                .plan(Plan.custom("small", nodes, MemorySize.ofMebiBytes(1024), 1))
                .taskSlots(3)
                .checkpoints(
                        Checkpointing.every(Duration.ofMillis(500)).to(FileStorage.at(directory.resolve("storage"))))
                .build();
    }

    ManagedCluster cluster() {
        return cluster;
    }

    Diary diary() {
        return diary;
    }

    /** Waits until all is well: the cluster, every job that is to count, and the one that is in quarantine if there is one. */
    void awaitWell() throws IOException {
        if (Files.exists(poison())) {
            await().atMost(PATIENCE.multipliedBy(2)).until(this::isInQuarantine);
        } else {
            cluster.awaitHealthy(PATIENCE.multipliedBy(2));
        }
        for (String name : jobs()) {
            await().atMost(PATIENCE).until(() -> cluster.job(name).isPresent());
            cluster.job(name).orElseThrow().awaitRunning(PATIENCE);
        }
    }

    /** All is well but for the poisoned job, and Flink runs that no more. */
    private boolean isInQuarantine() {
        return cluster.health().state() == Health.State.DEGRADED
                && cluster.health().reason().contains("in quarantine")
                && cluster.observe().jobs().stream()
                        .noneMatch(job ->
                                job.name().equals(POISONED) && !job.status().isGloballyTerminalState());
    }

    private Path poison() {
        return directory.resolve("poison");
    }

    /** Has a job fail at every record, so that it is to be put in quarantine: one that works, or that was healed. */
    void poisonAJob() throws IOException {
        Files.deleteIfExists(poison());
        ManagedJob job = cluster.submit(POISONED, environment -> {
            environment.setParallelism(1);
            Parsing.define(environment, poison());
        });
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(ManagedFlinkException.class)
                .until(() -> job.progress().completedCheckpoints() >= 1);
        Files.createFile(poison());
    }

    /** Waits until every job has a checkpoint by its present attempt, so that a loss from now on is one of that. */
    void awaitCheckpoints() throws IOException {
        for (String name : jobs()) {
            ManagedJob job = cluster.job(name).orElseThrow();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(ManagedFlinkException.class)
                    .until(() -> job.progress().completedCheckpoints() >= 1);
        }
    }

    private List<String> jobs() throws IOException {
        Path counts = Files.createDirectories(directory.resolve("counts"));
        try (Stream<Path> names = Files.list(counts)) {
            return names.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    ManagedJob submit(String name) throws IOException {
        Path counts = Files.createDirectories(directory.resolve("counts").resolve(name));
        return cluster.submit(name, environment -> {
            environment.setParallelism(1);
            Counting.defineWithFiles(environment, counts, NUMBERS, PER_SECOND, directory.resolve("hurry"));
        });
    }

    ManagedJob firstJob() {
        return cluster.job("first").orElseThrow();
    }

    /** Lets all jobs come to their end, and returns where their sums are. */
    List<Path> awaitSums() throws IOException {
        Files.createFile(directory.resolve("hurry"));
        List<Path> sums = jobs().stream()
                .map(name -> directory.resolve("counts").resolve(name))
                .toList();
        for (String name : jobs()) {
            cluster.job(name).orElseThrow().awaitFinished(PATIENCE.multipliedBy(2));
        }
        return sums;
    }

    /** From now on, none is waited for. */
    void forgetJobs() throws IOException {
        Directories.deleteTree(directory.resolve("counts"));
    }

    static long numbers() {
        return NUMBERS;
    }

    void apply(UnaryOperator<ClusterSpec.Builder> edit) {
        ClusterSpec next = edit.apply(cluster.spec().toBuilder()).build();
        Object unused = cluster.apply(cluster.preview(next), Acknowledgement.values());
    }

    /** Kills the only peer of ZooKeeper; no drill does that. */
    void killZooKeeper() throws IOException {
        for (ProcessHandle process : ProcessesBelow.of(directory.toRealPath())) {
            if (process.info().commandLine().orElse("").contains("FlinkZooKeeperQuorumPeer")) {
                boolean unused = process.destroyForcibly();
            }
        }
    }

    int follower() {
        return cluster.drill().leader() % 3 + 1;
    }

    @Override
    public void close() {
        flink.close();
    }
}
