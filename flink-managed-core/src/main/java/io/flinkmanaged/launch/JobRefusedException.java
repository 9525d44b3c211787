package io.flinkmanaged.launch;

import io.flinkmanaged.model.ManagedFlinkException;

/** Flink has certainly not taken a job, and will not. Any other failure of a submission leaves that open. */
public class JobRefusedException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message why, and what to do
     * @param cause what Flink said
     */
    public JobRefusedException(String message, Throwable cause) {
        super(Code.UNAVAILABLE, null, message, cause);
    }
}
