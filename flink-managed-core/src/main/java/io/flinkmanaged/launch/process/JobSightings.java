package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.JobFlow;
import io.flinkmanaged.launch.JobObservation;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.messages.webmonitor.JobDetails;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.apache.flink.runtime.rest.messages.job.metrics.IOMetricsInfo;

/** Makes observations of what Flink's REST interface tells of jobs, from one answer to the next. Thread-safe. */
final class JobSightings {

    private final Map<JobID, Restarts> restarts = new ConcurrentHashMap<>();

    /**
     * Makes an observation.
     *
     * @param overview what the overview tells of a job
     * @param details what only the job's own page tells; empty if it was not asked, or did not answer
     */
    JobObservation of(JobDetails overview, Optional<JobDetailsInfo> details) {
        details.ifPresent(told -> restarts.computeIfAbsent(told.getJobId(), unused -> new Restarts())
                .note(told.getTimestamps()));
        int[] tasks = overview.getTasksPerState();
        return new JobObservation(
                overview.getJobId(),
                overview.getJobName(),
                overview.getStatus(),
                overview.getNumTasks(),
                count(tasks, ExecutionState.RUNNING) + count(tasks, ExecutionState.FINISHED),
                Optional.ofNullable(restarts.get(overview.getJobId()))
                        .map(Restarts::count)
                        .orElse(0),
                details.map(JobSightings::flow));
    }

    /** Forgets all others: Flink tells of a job for a while after its end, and never again. */
    void retain(Collection<JobID> listed) {
        restarts.keySet().retainAll(listed);
    }

    // Flink indexes the counts by ordinal: JobDetails.getTasksPerState.
    @SuppressWarnings("EnumOrdinal")
    private static int count(int[] tasks, ExecutionState state) {
        return tasks[state.ordinal()];
    }

    private static JobFlow flow(JobDetailsInfo details) {
        long read = 0;
        long written = 0;
        long backPressured = 0;
        long idle = 0;
        for (JobDetailsInfo.JobVertexDetailsInfo vertex : details.getJobVertexInfos()) {
            IOMetricsInfo metrics = vertex.getJobVertexMetrics();
            read += metrics.getRecordsRead();
            written += metrics.getRecordsWritten();
            backPressured += metrics.getAccumulatedBackpressured();
            idle += metrics.getAccumulatedIdle();
        }
        return new JobFlow(read, written, Duration.ofMillis(backPressured), Duration.ofMillis(idle));
    }

    /** How often a job has been seen to start anew: each restart and each new master leaves a later time. */
    private static final class Restarts {
        private long restarting;
        private long initializing;
        private int count;

        synchronized void note(Map<JobStatus, Long> timestamps) {
            long began = timestamps.getOrDefault(JobStatus.INITIALIZING, 0L);
            long again = timestamps.getOrDefault(JobStatus.RESTARTING, 0L);
            boolean newMaster = initializing != 0 && began > initializing;
            if (newMaster || again > restarting) {
                count++;
            }
            initializing = began;
            restarting = newMaster ? again : Math.max(again, restarting);
        }

        synchronized int count() {
            return count;
        }
    }
}
