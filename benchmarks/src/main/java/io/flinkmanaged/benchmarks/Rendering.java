package io.flinkmanaged.benchmarks;

import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.render.ProcessRenderer;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.spec.StorageLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Every file and argument of the nine processes of the largest plan, warm. */
final class Rendering implements Measurement {

    private static final int WARM_UP = 3000;
    private static final int TIMES = 500;

    @Override
    public String name() {
        return "render";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        ClusterSpec largest = ClusterSpec.named("largest")
                .plan(Plans.THREE_NODE_32GB)
                .taskSlots(8)
                .stateBackend(StateBackend.ROCKSDB)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(10)).to(StorageLocation.at("s3://bucket/flink")))
                .build();
        Contender ours = new Contender("rendered " + TIMES + " times", () -> secondsOf(largest, TIMES));
        double unused = secondsOf(largest, WARM_UP);
        return List.of(Row.milliseconds(
                "rendering the largest plan: nine processes",
                Interleaved.measure(name(), rounds.recovery(), List.of(ours)).get(0),
                1));
    }

    private static double secondsOf(ClusterSpec spec, int times) {
        Stopwatch watch = Stopwatch.started();
        int files = 0;
        for (int i = 0; i < times; i++) {
            ProcessPlacement placement = ProcessPlacement.symbolic(spec);
            for (RenderedNode node : ProcessRenderer.render(spec, placement, List.of())) {
                files += node.processes().size();
            }
        }
        if (files != 9 * times) {
            throw new IllegalStateException("rendered: " + files + " processes (expected: " + 9 * times + ")");
        }
        return watch.seconds() / times;
    }
}
