package io.flinkmanaged.benchmarks;

import java.nio.file.Path;

/** A fresh JVM that brings up a cluster and its first job, and tells how long it took. */
final class ColdStartProcess {

    static final String ANSWER = "running after seconds: ";

    private ColdStartProcess() {}

    /** Takes {@code ours} or {@code bare}, and a directory for state. */
    public static void main(String[] args) throws Exception {
        Stopwatch watch = Stopwatch.started();
        Path directory = Path.of(args[1]);
        if (args[0].equals("ours")) {
            try (ManagedSide side = new ManagedSide(Checkpoints.FILES)) {
                run(side, directory, watch);
            }
        } else {
            run(new BareSide(Checkpoints.NONE), directory, watch);
        }
    }

    private static void run(Side side, Path directory, Stopwatch watch) throws Exception {
        SideCluster cluster = side.start(directory);
        SideJob job = cluster.submit(Jobs.endless("cold"));
        job.awaitRunning();
        System.out.println(ANSWER + watch.seconds());
        job.cancel();
        cluster.close();
    }
}
