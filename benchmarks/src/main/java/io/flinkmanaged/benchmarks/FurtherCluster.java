package io.flinkmanaged.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A further cluster in a warm JVM, to its first job with every task RUNNING. Each kind has had one cluster before, and
 * one of ours stays open throughout.
 */
final class FurtherCluster implements Measurement {

    @Override
    public String name() {
        return "further";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (ManagedSide managed = new ManagedSide(Checkpoints.FILES)) {
            SideCluster open = managed.start(Files.createTempDirectory(directory, "open"));
            Contender ours = contender(managed, directory);
            Contender bare = contender(new BareSide(Checkpoints.NONE), directory);
            Contender peer = contender(new TestUtilsSide(), directory);
            List<Contender> contenders = List.of(ours, bare, peer);
            List<Samples> unused = Interleaved.measure(name() + " (warm-up)", 1, contenders);
            List<Samples> samples = Interleaved.measure(name(), rounds.further(), contenders);
            open.close();
            return List.of(
                    Row.time(
                            "a further cluster: call → first job RUNNING",
                            samples.get(0),
                            bare,
                            samples.get(1),
                            Bound.atMost(0.35)),
                    Row.time(
                            "the same, against test utilities",
                            samples.get(0),
                            peer,
                            samples.get(2),
                            Bound.atMost(1.00)));
        }
    }

    private static Contender contender(Side side, Path directory) {
        return new Contender(side.label(), () -> {
            Path state = Files.createTempDirectory(directory, "state");
            Stopwatch watch = Stopwatch.started();
            SideCluster cluster = side.start(state);
            SideJob job = cluster.submit(Jobs.endless("further"));
            job.awaitRunning();
            double seconds = watch.seconds();
            job.cancel();
            cluster.close();
            return seconds;
        });
    }
}
