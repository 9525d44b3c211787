package io.flinkmanaged;

import io.flinkmanaged.model.ManagedFlinkException;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/** A job ended otherwise than by finishing; the cause is what Flink gives as the reason. */
public class JobFailedException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    private final JobStatus status;

    JobFailedException(String cluster, String message, JobStatus status, @Nullable Throwable cause) {
        super(Code.JOB_FAILED, cluster, message, cause);
        this.status = status;
    }

    /** Returns how the job ended: FAILED or CANCELED. */
    public JobStatus status() {
        return status;
    }
}
