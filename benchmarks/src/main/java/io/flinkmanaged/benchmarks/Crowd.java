package io.flinkmanaged.benchmarks;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.launch.process.FlinkDistribution;
import io.flinkmanaged.launch.process.NodeOptions;
import io.flinkmanaged.launch.process.ProcessLauncher;
import io.flinkmanaged.launch.process.Traffic;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.file.FileStorage;
import io.flinkmanaged.testkit.simulation.SimulatedLauncher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Many clusters under one supervisor, each with a job: simulated ones, of which hundreds cost next to nothing, and single nodes as
 * processes. Simulated ones come up twenty times as fast as real ones, and the rest of their lives goes at that pace.
 */
final class Crowd implements AutoCloseable {

    private static final String REAL = "real-";
    private static final Pattern OURS = Pattern.compile("flink-managed-(?:worker-\\d+|timer-\\d+|supervisor|events)");
    private static final int SPEED = 20;
    private static final int AT_ONCE = 12;
    private static final long PAUSE_NANOS = 5_000_000;

    private final Path directory;
    private final ManagedFlink flink;
    private final List<ManagedCluster> clusters = new ArrayList<>();
    private final Map<String, Duration> noticed = new ConcurrentHashMap<>();
    private final SimulatedLauncher simulated;
    private int lost;
    private int silent;

    Crowd(Path directory) {
        this.directory = directory;
        NodeOptions options =
                new NodeOptions(FlinkDistribution.ofClassPath(), Traffic.TLS, true, false, false, AllowedSources.NONE);
        AtomicReference<SimulatedLauncher> made = new AtomicReference<>();
        this.flink = ManagedFlink.configure().listener(this::happened).launching((time, secrets) -> {
            SimulatedLauncher ofThisTime = new SimulatedLauncher(time, 1, SPEED);
            made.set(ofThisTime);
            return new MixedLauncher(
                    REAL, new ProcessLauncher(directory.resolve("nodes"), options, time, secrets), ofThisTime);
        });
        this.simulated = Objects.requireNonNull(made.get());
    }

    private void happened(ClusterEvent event) {
        if (event instanceof TaskManagerLost death) {
            noticed.put(death.cluster(), death.detectedAfter());
        }
    }

    /** Launches clusters, a job in each, and waits until all is well. */
    void launch(int count, boolean real) throws Exception {
        int first = clusters.size();
        ExecutorService pool = Executors.newFixedThreadPool(real ? 1 : AT_ONCE);
        try {
            List<Callable<ManagedCluster>> launches = new ArrayList<>();
            for (int i = first; i < first + count; i++) {
                String name = (real ? REAL : "simulated-") + i;
                launches.add(() -> launch(name));
            }
            for (Future<ManagedCluster> launched : pool.invokeAll(launches)) {
                clusters.add(launched.get());
            }
        } finally {
            pool.shutdown();
        }
        for (ManagedCluster cluster : clusters.subList(first, clusters.size())) {
            cluster.awaitHealthy(Patience.LIMIT);
        }
    }

    private ManagedCluster launch(String name) throws Exception {
        Path state = Files.createDirectories(directory.resolve("state"));
        ManagedCluster cluster = flink.launch(ClusterSpec.named(name)
                .plan(Plans.TINY)
                .taskSlots(1)
                .checkpoints(Checkpointing.every(Duration.ofMinutes(1)).to(FileStorage.at(state)))
                .build());
        cluster.submit("counting", environment -> {
            Jobs.counting(state.resolve(name + ".counted")).define(environment);
            environment.execute();
        });
        return cluster;
    }

    /**
     * Returns how late 99 of 100 steps of the loop began at most, in the worst of some seconds.
     *
     * @param seconds how many
     */
    double lagSeconds(int seconds) {
        double worst = 0;
        for (int i = 0; i < seconds; i++) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            worst = Math.max(worst, flink.supervisorMetrics().loopLagP99().toNanos() / 1e9);
        }
        return worst;
    }

    /** Returns how many looks all clusters have had together. */
    long looks() {
        return flink.supervisorMetrics().looks();
    }

    /** Returns how many actions were begun. */
    long actions() {
        return flink.supervisorMetrics().actions();
    }

    /** Returns how many threads this library has now; those that ZooKeeper's and Flink's clients start have other names. */
    long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> OURS.matcher(thread.getName()).matches())
                .count();
    }

    /** Returns the bytes that are in use after a collection. */
    long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Lets so many further simulated clusters answer nobody for a while. */
    void silence(int count, Duration lasts) {
        List<ManagedCluster> victims = simulatedOnes();
        for (int i = 0; i < count; i++) {
            // From the end, so that none of those is hit that lose a TaskManager.
            silent++;
            simulated.silence(victims.get(victims.size() - silent).spec().name(), lasts);
        }
    }

    /**
     * Kills the TaskManagers of so many further simulated clusters, one after the other.
     *
     * @return how long each death went unnoticed, in seconds
     */
    List<Double> loseTaskManagers(int count) throws TimeoutException {
        List<Double> seconds = new ArrayList<>();
        for (ManagedCluster victim : simulatedOnes().subList(lost, lost + count)) {
            String name = victim.spec().name().value();
            victim.drill().killTaskManager(1);
            Stopwatch watch = Stopwatch.started();
            while (!noticed.containsKey(name)) {
                if (watch.seconds() > Patience.LIMIT.toSeconds()) {
                    throw new TimeoutException("The death of a TaskManager of " + name + " was not noticed");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            seconds.add(noticed.get(name).toNanos() / 1e9);
        }
        lost += count;
        return seconds;
    }

    private List<ManagedCluster> simulatedOnes() {
        return clusters.stream()
                .filter(cluster -> !cluster.spec().name().value().startsWith(REAL))
                .toList();
    }

    @Override
    public void close() {
        flink.close();
    }
}
