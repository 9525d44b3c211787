package io.flinkmanaged.benchmarks;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.ProcessLost;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * From the kill of processes of a cluster to the first output of its job afterwards. A new job for each kill, because
 * Flink's default strategy waits longer with each failure of a job; sides one after the other, because the idle processes
 * of one would take from the other.
 */
final class Failover implements Measurement {

    /** After the first output, so that checkpoints are there and everything else has calmed down. */
    private static final long SETTLED_AFTER_MILLIS = 8_000;

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        Map<Kill, Samples> ours;
        try (NodesSide side = NodesSide.asShipped(directory.resolve("shipped"))) {
            ManagedCluster warmUp = side.launch("warm-up", 1);
            side.awaitArchives();
            warmUp.close();
            ours = measure(side, rounds.failover(), List.of(Kill.values()));
        }
        List<Row> rows = new ArrayList<>();
        ours.forEach((kill, samples) -> rows.add(Row.seconds(kill.label(), samples, kill.atMostSeconds())));
        try (NodesSide side = NodesSide.withoutWitness(directory.resolve("unwitnessed"))) {
            ManagedCluster warmUp = side.launch("warm-up", 1);
            side.awaitArchives();
            warmUp.close();
            measure(side, rounds.failover(), ofFlink())
                    .forEach((kill, samples) -> rows.add(Row.seconds(
                            kill.label() + ", " + side.label(), samples, kill == Kill.NODE_OF_LEADER ? 15 : 10)));
        }
        try (NodesSide side = NodesSide.onFlinksDefaults(directory.resolve("defaults"))) {
            measure(side, rounds.failover(), ofFlink())
                    .forEach((kill, samples) -> rows.add(Row.faster(
                            kill.label(),
                            ours.getOrDefault(kill, samples),
                            new Contender(side.label(), samples::median),
                            samples,
                            kill.timesFaster())));
        }
        return rows;
    }

    private static List<Kill> ofFlink() {
        return Arrays.stream(Kill.values()).filter(Kill::isForFlink).toList();
    }

    private static Map<Kill, Samples> measure(NodesSide side, int rounds, List<Kill> kills) throws Exception {
        Map<Kill, List<Double>> seconds = new EnumMap<>(Kill.class);
        for (int nodes : new int[] {3, 1}) {
            try (ManagedCluster cluster = side.launch("nodes-" + nodes, nodes)) {
                for (int round = 1; round <= rounds; round++) {
                    for (Kill kill : kills) {
                        if (kill.nodes() == nodes) {
                            double taken = once(side, cluster, kill, kill.name() + "-" + round);
                            seconds.computeIfAbsent(kill, unused -> new ArrayList<>())
                                    .add(taken);
                        }
                    }
                }
            }
        }
        Map<Kill, Samples> samples = new EnumMap<>(Kill.class);
        seconds.forEach((kill, values) -> samples.put(kill, new Samples(values)));
        return samples;
    }

    private static double once(NodesSide side, ManagedCluster cluster, Kill kill, String name) throws Exception {
        Path file = Files.createDirectories(side.processes().resolve("outputs")).resolve(name);
        CountedLines lines = new CountedLines(file);
        cluster.awaitHealthy(Patience.LIMIT);
        ManagedJob job = cluster.submit(name.toLowerCase(Locale.ROOT).replace('_', '-'), environment -> {
            Jobs.counting(file).define(environment);
            environment.execute();
        });
        long began = lines.await(line -> true).writtenAt();
        if (kill.nodes() == 1) {
            Standbys.await(side.processes().toRealPath(), side.standbys());
        }
        long settled = Math.max(began, System.currentTimeMillis()) + SETTLED_AFTER_MILLIS;
        CountedLine last = lines.await(line -> line.writtenAt() > settled);
        int node = kill.isOfLeader() ? cluster.drill().leader() : last.nodeNumber();
        int before = side.events().size();
        long killed = kill.of(side.processes().toRealPath(), node);
        if (!kill.isForFlink()) {
            side.deleteHighAvailabilityData();
        }
        CountedLine first = lines.await(line -> line.openedAt() > killed);
        double seconds = (first.writtenAt() - killed) / 1e3;
        job.awaitRunning(Patience.LIMIT);
        awaitRunningTold(side, before);
        System.out.printf(
                Locale.ROOT,
                "failover, %s, %s: %.3f s; %s%n",
                side.label(),
                kill.label(),
                seconds,
                timeline(side.events().subList(before, side.events().size()), killed));
        job.cancel();
        return seconds;
    }

    /** An interruption that was over between two looks is not told of. */
    private static void awaitRunningTold(NodesSide side, int before) {
        Stopwatch watch = Stopwatch.started();
        while (side.events().stream().skip(before).noneMatch(JobRunning.class::isInstance) && watch.seconds() < 5) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** When what was noticed and done, in seconds since the kill. */
    private static String timeline(List<ClusterEvent> events, long killed) {
        List<String> words = new ArrayList<>();
        for (ClusterEvent event : events) {
            @Nullable String what = null;
            if (event instanceof TaskManagerLost || event instanceof ProcessLost) {
                what = "detected";
            } else if (event instanceof TaskManagerReplaced || event instanceof ProcessRestarted) {
                what = "put back";
            } else if (event instanceof JobRunning) {
                what = "RUNNING";
            }
            if (what != null) {
                words.add(
                        String.format(Locale.ROOT, "%s %.3f", what, (event.at().toEpochMilli() - killed) / 1e3));
            }
        }
        return String.join(", ", words);
    }
}
