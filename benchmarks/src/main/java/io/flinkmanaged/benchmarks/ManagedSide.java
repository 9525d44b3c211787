package io.flinkmanaged.benchmarks;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * This library on its defaults, with a storage for state as its README shows it. A cluster writes its records of epochs
 * and attempts in any case; whether jobs save state is the same choice as for the raw sides.
 */
final class ManagedSide implements Side, AutoCloseable {

    static final String LABEL = "flink-managed";

    private final ManagedFlink flink = ManagedFlink.inProcess();
    private final AtomicInteger started = new AtomicInteger();
    private final Checkpoints checkpoints;
    private final String label;
    private final Map<String, String> overrides;

    ManagedSide(Checkpoints checkpoints) {
        this(checkpoints, LABEL, Map.of());
    }

    /** With keys of Flink's that differ from the library's defaults. */
    ManagedSide(Checkpoints checkpoints, String label, Map<String, String> overrides) {
        this.checkpoints = checkpoints;
        this.label = label;
        this.overrides = overrides;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public SideCluster start(Path directory) {
        ClusterSpec.Builder spec = ClusterSpec.named("benchmark-" + started.incrementAndGet())
                .plan(Plans.SINGLE_NODE_4GB)
                .taskSlots(SLOTS);
        overrides.forEach(spec::override);
        if (checkpoints != Checkpoints.NONE) {
            spec.checkpoints(Checkpointing.every(Checkpoints.INTERVAL).to(FileStorage.at(directory)));
        }
        return new OfLibrary(flink.launch(spec.build()));
    }

    @Override
    public void close() {
        flink.close();
    }

    private static final class OfLibrary implements SideCluster {

        private final ManagedCluster cluster;
        private final AtomicInteger submitted = new AtomicInteger();

        OfLibrary(ManagedCluster cluster) {
            this.cluster = cluster;
        }

        @Override
        public SideJob submit(JobDefinition job) {
            return new JobOfLibrary(cluster.submit("job-" + submitted.incrementAndGet(), environment -> {
                job.define(environment);
                environment.execute();
            }));
        }

        @Override
        public void loseTaskManager() {
            cluster.drill().killTaskManager(1);
        }

        @Override
        public void close() {
            cluster.close();
        }
    }

    private record JobOfLibrary(ManagedJob job) implements SideJob {

        @Override
        public void awaitRunning() {
            job.awaitRunning(Patience.LIMIT);
        }

        @Override
        public void awaitFinished() {
            var unused = job.awaitFinished(Patience.LIMIT);
        }

        @Override
        public void cancel() {
            job.cancel();
        }
    }
}
