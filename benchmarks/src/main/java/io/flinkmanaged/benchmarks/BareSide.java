package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * Flink's {@code MiniCluster} on its default settings, but for the port of REST: by default a second cluster in a JVM
 * fails to bind.
 *
 * @param checkpoints how its jobs save state
 */
record BareSide(Checkpoints checkpoints) implements Side {

    static final String LABEL = "bare MiniCluster";

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public SideCluster start(Path directory) throws Exception {
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(new Configuration().set(RestOptions.PORT, 0))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
        cluster.start();
        return new RawCluster(cluster, checkpoints.forJobs(directory), cluster::close);
    }
}
