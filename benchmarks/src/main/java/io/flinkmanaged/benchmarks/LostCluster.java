package io.flinkmanaged.benchmarks;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * From the loss of everything of a cluster in process to the first output of its job in the next epoch. Nothing of Flink's own is
 * held against it: there, nobody begins anew.
 */
final class LostCluster implements Measurement {

    private static final int MOST_SECONDS = 3;

    @Override
    public String name() {
        return "loss";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        ClusterSpec spec = ClusterSpec.named("lost")
                .plan(Plans.SINGLE_NODE_4GB)
                .taskSlots(Side.SLOTS)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1))
                        .to(FileStorage.at(Files.createDirectories(directory.resolve("state")))))
                .build();
        List<Double> seconds = new ArrayList<>();
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            for (int round = 0; round < rounds.recovery(); round++) {
                double taken = once(cluster, directory.resolve("outputs-" + round), round);
                System.out.println(
                        name() + " " + (round + 1) + "/" + rounds.recovery() + ": " + Unit.SECONDS.write(taken));
                seconds.add(taken);
            }
        }
        return List.of(
                Row.seconds("all of a cluster in process lost → first new output", new Samples(seconds), MOST_SECONDS));
    }

    private static double once(ManagedCluster cluster, Path file, int round) throws Exception {
        CountedLines lines = new CountedLines(file);
        ManagedJob job = cluster.submit("counting-" + round, environment -> {
            Jobs.counting(file).define(environment);
            environment.execute();
        });
        long began = lines.await(line -> true).writtenAt();
        // Two checkpoints later.
        CountedLine unused = lines.await(line -> line.writtenAt() > began + 2500);
        cluster.awaitHealthy(Patience.LIMIT);
        long killed = System.currentTimeMillis();
        cluster.drill().killAll();
        double seconds = (lines.await(line -> line.openedAt() > killed).writtenAt() - killed) / 1e3;
        job.awaitRunning(Patience.LIMIT);
        job.cancel();
        return seconds;
    }
}
