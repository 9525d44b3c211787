package io.flinkmanaged.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many records a second a job gets through that keeps the processors busy, from its submission to its end. */
final class Throughput implements Measurement {

    private static final long RECORDS = 24_000_000;

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (ManagedSide managed = new ManagedSide(Checkpoints.FILES)) {
            Side raw = new BareSide(Checkpoints.FILES);
            SideCluster oursCluster = managed.start(Files.createTempDirectory(directory, "ours"));
            SideCluster bareCluster = raw.start(Files.createTempDirectory(directory, "bare"));
            Contender ours = contender(managed, oursCluster);
            Contender bare = contender(raw, bareCluster);
            List<Samples> unused = Interleaved.measure(name() + " (warm-up)", 1, List.of(ours, bare));
            List<Samples> seconds = Interleaved.measure(name(), rounds.throughput(), List.of(ours, bare));
            oursCluster.close();
            bareCluster.close();
            return List.of(Row.rate(
                    "throughput of a CPU-bound job",
                    Unit.MILLION_RECORDS_PER_SECOND,
                    seconds.get(0).rateOf(RECORDS),
                    bare,
                    seconds.get(1).rateOf(RECORDS),
                    Bound.atLeast(0.97)));
        }
    }

    private static Contender contender(Side side, SideCluster cluster) {
        return new Contender(side.label(), () -> {
            Stopwatch watch = Stopwatch.started();
            cluster.submit(Jobs.arithmetic(RECORDS)).awaitFinished();
            return watch.seconds();
        });
    }
}
