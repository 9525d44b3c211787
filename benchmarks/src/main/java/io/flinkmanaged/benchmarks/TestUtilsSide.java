package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.util.MiniClusterWithClientResource;

/** The {@code MiniClusterWithClientResource} of flink-test-utils on its default settings. */
record TestUtilsSide() implements Side {

    static final String LABEL = "MiniClusterWithClientResource";

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public SideCluster start(Path directory) throws Exception {
        MiniClusterWithClientResource resource =
                new MiniClusterWithClientResource(new MiniClusterResourceConfiguration.Builder()
                        .setNumberTaskManagers(1)
                        .setNumberSlotsPerTaskManager(SLOTS)
                        .build());
        resource.before();
        return new RawCluster(resource.getMiniCluster(), Checkpoints.NONE.forJobs(directory), resource::after);
    }
}
