package io.flinkmanaged.cluster;

import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.model.JobName;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;

/** Where an attempt keeps its state: keys of its job's own configuration, which Flink lets win over the cluster's. */
final class AttemptKeys {

    private AttemptKeys() {}

    static Map<String, String> of(JobStore store, JobName job, AttemptId attempt) {
        return Map.of(
                CheckpointingOptions.CHECKPOINT_STORAGE.key(),
                "filesystem",
                CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                store.checkpointsUri(job, attempt),
                CheckpointingOptions.CREATE_CHECKPOINT_SUB_DIR.key(),
                "true",
                CheckpointingOptions.SAVEPOINT_DIRECTORY.key(),
                store.savepointsUri(job, attempt));
    }
}
