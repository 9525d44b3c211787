package io.flinkmanaged.render;

import static io.flinkmanaged.config.Layer.LIBRARY;

import io.flinkmanaged.config.LayeredConfiguration;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/** What this library finds right for every cluster, each with its reason. */
final class LibraryDefaults {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String LOOPBACK_REASON =
            "nothing listens beyond this machine unless the spec names an address";

    private LibraryDefaults() {}

    static void addTo(LayeredConfiguration.Builder configuration) {
        addNetwork(configuration);
        configuration
                .set(
                        LIBRARY,
                        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION,
                        "a checkpoint is what a job is recovered from; only its owner deletes it")
                .set(
                        LIBRARY,
                        CheckpointingOptions.INCREMENTAL_CHECKPOINTS,
                        true,
                        "a full checkpoint of a large state is written anew each time; of effect with RocksDB")
                .set(
                        LIBRARY,
                        CheckpointingOptions.TOLERABLE_FAILURE_NUMBER,
                        1000,
                        "for jobs that checkpoint on their own: Flink's 0 fails a job at the first checkpoint that a storage outage spoils")
                .set(
                        LIBRARY,
                        "security.delegation.tokens.enabled",
                        "false",
                        "tokens are for Kerberos and the like; looking for providers costs each start time and warnings")
                .set(
                        LIBRARY,
                        "slotmanager.requirement-check.delay",
                        "0 ms",
                        "Flink's 50 ms is the floor under every submission and every restart; above 0 it waits for a "
                                + "timer that ticks every 10 ms")
                .set(
                        LIBRARY,
                        JobManagerOptions.SLOT_REQUEST_MAX_INTERVAL,
                        Duration.ofMillis(1),
                        "a job's requests for slots come within a millisecond; Flink's 20 ms are added to every "
                                + "submission");
    }

    private static void addNetwork(LayeredConfiguration.Builder configuration) {
        configuration
                .set(LIBRARY, RestOptions.ADDRESS, "localhost", LOOPBACK_REASON)
                .set(LIBRARY, RestOptions.BIND_ADDRESS, LOOPBACK, LOOPBACK_REASON)
                .set(LIBRARY, JobManagerOptions.BIND_HOST, LOOPBACK, LOOPBACK_REASON)
                .set(LIBRARY, TaskManagerOptions.BIND_HOST, LOOPBACK, LOOPBACK_REASON)
                .set(
                        LIBRARY,
                        WebOptions.SUBMIT_ENABLE,
                        false,
                        "who reaches REST could otherwise run any code as this process");
    }
}
