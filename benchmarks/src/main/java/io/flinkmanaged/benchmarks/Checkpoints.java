package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/** How jobs save state. */
enum Checkpoints {

    /** As Flink comes: none. */
    NONE {
        @Override
        Configuration forJobs(Path directory) {
            return new Configuration();
        }
    },

    /** Every second, to where Flink saves by default: the JobManager's memory. */
    DEFAULT_STORAGE {
        @Override
        Configuration forJobs(Path directory) {
            return new Configuration().set(CheckpointingOptions.CHECKPOINTING_INTERVAL, INTERVAL);
        }
    },

    /** Every second, to files. */
    FILES {
        @Override
        Configuration forJobs(Path directory) {
            return DEFAULT_STORAGE
                    .forJobs(directory)
                    .set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem")
                    .set(
                            CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                            directory.toUri().toString());
        }
    };

    static final Duration INTERVAL = Duration.ofSeconds(1);

    abstract Configuration forJobs(Path directory);
}
