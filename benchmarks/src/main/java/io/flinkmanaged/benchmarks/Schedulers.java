package io.flinkmanaged.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The library on Flink's default scheduler beside the library on the adaptive one: until a job runs, until a lost
 * TaskManager is made up for, and until a job runs that asks for more slots than there are. Decision 0024 is made from it.
 */
final class Schedulers implements Measurement {

    private static final String KEY = "jobmanager.scheduler";
    /** Slower than this, and the choice of the default scheduler would need another look. */
    private static final Bound ALIKE = Bound.atMost(1.2);

    @Override
    public String name() {
        return "schedulers";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (ManagedSide onDefault = side("Default");
                ManagedSide onAdaptive = side("Adaptive")) {
            SideCluster defaults = onDefault.start(Files.createTempDirectory(directory, "default"));
            SideCluster adaptives = onAdaptive.start(Files.createTempDirectory(directory, "adaptive"));
            List<Contender> submissions = List.of(submission(onDefault, defaults), submission(onAdaptive, adaptives));
            List<Contender> losses = List.of(
                    LostTaskManager.contender(onDefault, defaults), LostTaskManager.contender(onAdaptive, adaptives));
            List<Samples> unused = Interleaved.measure(name() + ", submission (warm-up)", 1, submissions);
            List<Samples> submitted = Interleaved.measure(name() + ", submission", rounds.recovery(), submissions);
            List<Samples> lost = Interleaved.measure(name() + ", loss", rounds.recovery(), losses);
            Contender tight = tooLarge(onAdaptive, adaptives);
            List<Samples> tooFewSlots = Interleaved.measure(name() + ", too few slots", 1, List.of(tight));
            defaults.close();
            adaptives.close();
            Contender peer = submissions.get(1);
            return List.of(
                    Row.time("submit → RUNNING", submitted.get(0), peer, submitted.get(1), ALIKE),
                    Row.time("TaskManager lost → first new output", lost.get(0), peer, lost.get(1), ALIKE),
                    Row.seconds("adaptive: submit → RUNNING on half the slots", tooFewSlots.get(0), 15));
        }
    }

    private static ManagedSide side(String scheduler) {
        return new ManagedSide(Checkpoints.FILES, scheduler, Map.of(KEY, scheduler));
    }

    private static Contender submission(Side side, SideCluster cluster) {
        return new Contender(side.label(), () -> {
            Stopwatch watch = Stopwatch.started();
            SideJob job = cluster.submit(Jobs.endless(UUID.randomUUID().toString()));
            job.awaitRunning();
            double seconds = watch.seconds();
            job.cancel();
            return seconds;
        });
    }

    private static Contender tooLarge(Side side, SideCluster cluster) {
        return new Contender(side.label(), () -> {
            Stopwatch watch = Stopwatch.started();
            SideJob job = cluster.submit(Jobs.endless(UUID.randomUUID().toString(), 2 * Side.SLOTS));
            job.awaitRunning();
            double seconds = watch.seconds();
            job.cancel();
            return seconds;
        });
    }
}
