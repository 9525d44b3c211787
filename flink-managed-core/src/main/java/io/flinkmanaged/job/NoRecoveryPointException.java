package io.flinkmanaged.job;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.ManagedFlinkException;

/** A job had state, and nothing complete of it is left: it is not started from an empty state by itself. */
public class NoRecoveryPointException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    NoRecoveryPointException(ClusterName cluster, String message) {
        super(Code.JOB_FAILED, cluster.value(), message, null);
    }
}
