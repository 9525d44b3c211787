package io.flinkmanaged.benchmarks;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A started {@code MiniCluster} without anything of ours, used by direct calls: what is fastest for it. */
final class RawCluster implements SideCluster {

    private final MiniCluster cluster;
    private final Configuration forJobs;
    private final End end;
    private int taskManager;

    RawCluster(MiniCluster cluster, Configuration forJobs, End end) {
        this.cluster = cluster;
        this.forJobs = forJobs;
        this.end = end;
    }

    @Override
    public SideJob submit(JobDefinition job) throws Exception {
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(forJobs);
        job.define(environment);
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobId(JobID.generate());
        return new RawJob(cluster, Patience.await(cluster.submitJob(graph)).getJobID());
    }

    @Override
    public void loseTaskManager() throws Exception {
        // Not waited for: the replacement starts while the lost one ends, sooner than anybody could notice the loss.
        var unused = cluster.terminateTaskManager(taskManager);
        cluster.startTaskManager();
        taskManager++;
    }

    @Override
    public void close() throws Exception {
        end.run();
    }

    /** Ends a cluster. */
    @FunctionalInterface
    interface End {
        void run() throws Exception;
    }

    private record RawJob(MiniCluster cluster, JobID jobId) implements SideJob {

        @Override
        public void awaitRunning() throws Exception {
            TaskStates.awaitRunning(cluster, jobId);
        }

        @Override
        public void awaitFinished() throws Exception {
            JobResult result = Patience.await(cluster.requestJobResult(jobId));
            if (result.getJobStatus().filter(JobStatus.FINISHED::equals).isEmpty()) {
                throw new IllegalStateException("job: " + result.getJobStatus() + " (expected: FINISHED)");
            }
        }

        @Override
        public void cancel() throws Exception {
            var unusedAnswer = Patience.await(cluster.cancelJob(jobId));
            var unusedResult = Patience.await(cluster.requestJobResult(jobId));
        }
    }
}
