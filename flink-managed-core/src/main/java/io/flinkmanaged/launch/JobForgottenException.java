package io.flinkmanaged.launch;

import io.flinkmanaged.model.ManagedFlinkException;
import org.apache.flink.api.common.JobID;

/**
 * Flink answers, and has not known a job for a while that it had accepted: the job is over, and how it ended nobody can be asked.
 * Flink forgets a job that has ended, with the JobManager to which it ended or an hour later; one that has not, only if what it
 * keeps for its next leader is lost.
 */
public class JobForgottenException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param jobId the job
     */
    public JobForgottenException(JobID jobId) {
        super(
                Code.CLOSED,
                "job " + jobId
                        + ": Flink does not know it any more (expected: running or ended). Its checkpoints and "
                        + "savepoints tell what can be known of its end.");
    }
}
