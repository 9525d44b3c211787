package io.flinkmanaged.benchmarks;

import io.flinkmanaged.ManagedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** From the call of {@code launch} of a single node as processes to its return, when its TaskManager is registered. */
final class NodeLaunch implements Measurement {

    @Override
    public String name() {
        return "launch";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (NodesSide shared = NodesSide.asShipped(directory.resolve("shared"));
                NodesSide unshared = NodesSide.withoutClassSharing(directory.resolve("unshared"))) {
            ManagedCluster warmUp = shared.launch("warm-up", 1);
            shared.awaitArchives();
            warmUp.close();
            unshared.launch("warm-up", 1).close();
            Contender ours = contender(shared);
            Contender peer = contender(unshared);
            List<Samples> samples = Interleaved.measure(name(), rounds.failover(), List.of(ours, peer));
            return List.of(Row.time(
                    "launch of a single node as processes", samples.get(0), peer, samples.get(1), Bound.atMost(0.75)));
        }
    }

    private static Contender contender(NodesSide side) {
        AtomicInteger launched = new AtomicInteger();
        return new Contender(side.label(), () -> {
            Stopwatch watch = Stopwatch.started();
            try (ManagedCluster cluster = side.launch("launch-" + launched.incrementAndGet(), 1)) {
                return watch.seconds();
            }
        });
    }
}
