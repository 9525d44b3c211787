package io.flinkmanaged.launch;

import io.flinkmanaged.model.ManagedFlinkException;
import org.jspecify.annotations.Nullable;

/** A cluster, or a part of it, could not be started; nothing of the attempt is left running. */
public class LaunchException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param cluster the cluster's name
     * @param message what failed and what to do
     * @param cause the first cause, or {@code null}
     */
    public LaunchException(String cluster, String message, @Nullable Throwable cause) {
        super(Code.LAUNCH_FAILED, cluster, message, cause);
    }
}
