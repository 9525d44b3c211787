package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A bare {@code MiniCluster}, the same whatever reaches the bucket, and on it one job that keeps state, one after another. */
final class StateKeeper implements AutoCloseable {

    private static final Duration NEVER = Duration.ofDays(1);

    private final String bucket;
    private final MiniCluster cluster;
    private Configuration settings = new Configuration();
    private int values;
    private String channel = "";
    private JobID job = new JobID();

    StateKeeper(Configuration keys, Path directory, String bucket) throws Exception {
        this.bucket = bucket;
        Configuration configuration = new Configuration(keys)
                .set(RestOptions.PORT, 0)
                .set(RestOptions.BIND_ADDRESS, "127.0.0.1")
                .set(CoreOptions.TMP_DIRS, directory.toString())
                .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(KeptState.PARALLELISM)
                .build());
        cluster.start();
    }

    /** Starts a job with empty state and waits until its state is full. */
    String fill(String backend, int number) throws Exception {
        values = number;
        settings = new Configuration()
                .set(CheckpointingOptions.CHECKPOINTING_INTERVAL, NEVER)
                // Or Flink takes one as soon as the tasks run.
                .set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, NEVER)
                .set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem")
                .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, bucket + "/" + UUID.randomUUID())
                .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true)
                .set(
                        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION)
                .set(StateBackendOptions.STATE_BACKEND, backend);
        submit();
        KeptValues.of(channel).awaitAllWritten();
        return "full";
    }

    /** Returns the seconds from the trigger to the answer that the checkpoint is completed. */
    double checkpoint() throws Exception {
        Stopwatch watch = Stopwatch.started();
        String point = Patience.await(cluster.triggerCheckpoint(job));
        double seconds = watch.seconds();
        settings.set(StateRecoveryOptions.SAVEPOINT_PATH, point);
        return seconds;
    }

    String cancel() throws Exception {
        var unusedAnswer = Patience.await(cluster.cancelJob(job));
        var unusedResult = Patience.await(cluster.requestJobResult(job));
        return "cancelled";
    }

    /** Returns the seconds from the submission of a job with the checkpoint to the moment when all its tasks run. */
    double restore() throws Exception {
        Stopwatch watch = Stopwatch.started();
        submit();
        TaskStates.awaitRunning(cluster, job);
        return watch.seconds();
    }

    /** Waits until the restored job has found every value. */
    String verify() throws Exception {
        KeptValues.of(channel).awaitAllVerified();
        return cancel();
    }

    private void submit() throws Exception {
        channel = UUID.randomUUID().toString();
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(settings);
        KeptState.of(values, channel).define(environment);
        StreamGraph graph = environment.getStreamGraph();
        job = JobID.generate();
        graph.setJobId(job);
        var unused = Patience.await(cluster.submitJob(graph));
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
