package io.flinkmanaged.examples;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StorageLocation;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.HeartbeatManagerOptions;

/** The cluster of the example, and its one job. */
final class FlightsCluster {

    /** What the cluster is called. */
    static final String NAME = "flights";

    /** What its job is called. */
    static final String JOB = "flight-delays";

    /** A bound, not a pause: far more than a start, a recovery and the last checkpoint take. */
    static final Duration SLACK = Duration.ofMinutes(2);

    private FlightsCluster() {}

    /**
     * Returns what is wanted of it.
     *
     * @param nodes one or three
     * @param state where its state goes
     */
    static ClusterSpec spec(int nodes, StorageLocation state) {
        return ClusterSpec.named(NAME)
                .plan(nodes == 1 ? Plans.SINGLE_NODE_4GB : Plans.THREE_NODE_4GB)
                .taskSlots(2)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1)).to(state))
                // The counters of a running job travel with the heartbeats; Flink's ten seconds are too slow to watch.
                .override(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, FlightProgress.PERIOD)
                .build();
    }

    /** Submits the job and waits until it runs. */
    static ManagedJob submit(ManagedCluster cluster, Path input, Path parts, double flightsPerSecond) {
        ManagedJob job =
                cluster.submit(JOB, environment -> FlightDelays.define(environment, input, parts, flightsPerSecond));
        job.awaitRunning(SLACK);
        return job;
    }
}
