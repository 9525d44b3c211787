package io.flinkmanaged.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A hundred jobs of one element, each submitted when the one before has finished. Neither side takes checkpoints: with
 * them, Flink ends every job with one.
 */
final class SequentialJobs implements Measurement {

    private static final int JOBS = 100;

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (ManagedSide managed = new ManagedSide(Checkpoints.NONE)) {
            Side raw = new BareSide(Checkpoints.NONE);
            SideCluster oursCluster = managed.start(Files.createTempDirectory(directory, "ours"));
            SideCluster bareCluster = raw.start(Files.createTempDirectory(directory, "bare"));
            Contender ours = contender(managed, oursCluster);
            Contender bare = contender(raw, bareCluster);
            List<Samples> unused = Interleaved.measure(name() + " (warm-up)", 1, List.of(ours, bare));
            List<Samples> samples = Interleaved.measure(name(), rounds.jobs(), List.of(ours, bare));
            oursCluster.close();
            bareCluster.close();
            return List.of(Row.faster(JOBS + " sequential trivial jobs", samples.get(0), bare, samples.get(1), 2));
        }
    }

    private static Contender contender(Side side, SideCluster cluster) {
        return new Contender(side.label(), () -> {
            Stopwatch watch = Stopwatch.started();
            for (int job = 0; job < JOBS; job++) {
                cluster.submit(Jobs.trivial()).awaitFinished();
            }
            return watch.seconds();
        });
    }
}
