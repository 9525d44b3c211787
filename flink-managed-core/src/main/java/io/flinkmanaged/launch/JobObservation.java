package io.flinkmanaged.launch;

import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/**
 * What was seen of a job.
 *
 * @param jobId Flink's id
 * @param name what it is called
 * @param status Flink's word for its state
 * @param tasks how many tasks it has; 0 until Flink has laid them out
 * @param runningOrFinished how many of them run or have finished
 * @param taskRestarts how often Flink has started tasks of it again, all tasks together: grows with every restart
 * @param flow what flows through it; empty until it is known, in process for some ten seconds
 */
public record JobObservation(
        JobID jobId,
        String name,
        JobStatus status,
        int tasks,
        int runningOrFinished,
        int taskRestarts,
        Optional<JobFlow> flow) {

    /**
     * Makes one of which it is not known what flows through it.
     *
     * @param jobId Flink's id
     * @param name what it is called
     * @param status Flink's word for its state
     * @param tasks how many tasks it has
     * @param runningOrFinished how many of them run or have finished
     * @param taskRestarts how often Flink has started tasks of it again
     */
    public JobObservation(
            JobID jobId, String name, JobStatus status, int tasks, int runningOrFinished, int taskRestarts) {
        this(jobId, name, status, tasks, runningOrFinished, taskRestarts, Optional.empty());
    }

    /** Returns the same with what flows through it. */
    public JobObservation withFlow(Optional<JobFlow> seen) {
        return new JobObservation(jobId, name, status, tasks, runningOrFinished, taskRestarts, seen);
    }

    /** Returns whether every task runs, or has finished its part. */
    public boolean allTasksRun() {
        return status == JobStatus.RUNNING && tasks > 0 && runningOrFinished == tasks;
    }
}
