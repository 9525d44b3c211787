package io.flinkmanaged.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * From the loss of the only TaskManager to the first record that the restarted job emits. A new job for each loss:
 * Flink's default strategy waits longer with each failure of a job, and this is its shortest wait.
 */
final class LostTaskManager implements Measurement {

    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (ManagedSide managed = new ManagedSide(Checkpoints.FILES)) {
            Side raw = new BareSide(Checkpoints.DEFAULT_STORAGE);
            SideCluster oursCluster = managed.start(Files.createTempDirectory(directory, "ours"));
            SideCluster bareCluster = raw.start(Files.createTempDirectory(directory, "bare"));
            Contender ours = contender(managed, oursCluster);
            Contender bare = contender(raw, bareCluster);
            List<Samples> unused = Interleaved.measure(name() + " (warm-up)", 1, List.of(ours, bare));
            List<Samples> samples = Interleaved.measure(name(), rounds.recovery(), List.of(ours, bare));
            oursCluster.close();
            bareCluster.close();
            return List.of(
                    Row.seconds("TaskManager lost → first new output", samples.get(0), 0.5),
                    Row.faster("the same, against raw Flink", samples.get(0), bare, samples.get(1), 5));
        }
    }

    /** Loses the TaskManager under a new job each time, and counts to the first output after its restart. */
    static Contender contender(Side side, SideCluster cluster) {
        return new Contender(side.label(), () -> {
            String channel = UUID.randomUUID().toString();
            Outputs outputs = Outputs.of(channel);
            SideJob job = cluster.submit(Jobs.endless(channel));
            job.awaitRunning();
            outputs.awaitCheckpoint();
            Stopwatch watch = Stopwatch.started();
            cluster.loseTaskManager();
            double seconds = watch.secondsUntil(outputs.awaitOutputAfterRestart());
            job.awaitRunning();
            job.cancel();
            return seconds;
        });
    }
}
