package io.flinkmanaged.job;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.ManagedFlinkException;

/** What a job is made of is gone from the storage, or damaged: only its program can bring it back. */
public class ArtifactLostException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    ArtifactLostException(ClusterName cluster, String message) {
        super(Code.JOB_FAILED, cluster.value(), message, null);
    }
}
