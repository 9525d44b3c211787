package io.flinkmanaged.benchmarks;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A preview of a change of plan, slots and checkpoints of a cluster that runs: both specs rendered, compared and judged,
 * and the cluster asked for its jobs. Warm; each round is the mean of a thousand.
 */
final class Preview implements Measurement {

    private static final int PREVIEWS = 1000;

    @Override
    public String name() {
        return "preview";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        ClusterSpec spec = ClusterSpec.named("previewed")
                .plan(Plans.SINGLE_NODE_4GB)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1)).to(FileStorage.at(directory)))
                .build();
        ClusterSpec other = spec.toBuilder()
                .plan(Plans.THREE_NODE_32GB)
                .taskSlots(8)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(5)).to(FileStorage.at(directory)))
                .override("heartbeat.timeout", "20 s")
                .build();
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            Contender ours = new Contender(ManagedSide.LABEL, () -> secondsOfOne(cluster, other));
            List<Samples> unused = Interleaved.measure(name() + " (warm-up)", 3, List.of(ours));
            List<Samples> samples = Interleaved.measure(name(), rounds.jobs(), List.of(ours));
            return List.of(Row.milliseconds("a preview of a change, warm", samples.get(0), 1));
        }
    }

    private static double secondsOfOne(ManagedCluster cluster, ClusterSpec other) {
        Stopwatch watch = Stopwatch.started();
        int differences = 0;
        for (int i = 0; i < PREVIEWS; i++) {
            differences += cluster.preview(other).differences().size();
        }
        if (differences == 0) {
            throw new IllegalStateException("preview: no difference found (expected: several)");
        }
        return watch.seconds() / PREVIEWS;
    }
}
