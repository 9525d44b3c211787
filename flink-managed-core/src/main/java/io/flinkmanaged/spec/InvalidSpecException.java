package io.flinkmanaged.spec;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import java.util.List;

/** A spec cannot be launched as it is; {@link #findings()} lists everything that is wrong with it. */
public class InvalidSpecException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param cluster the spec's cluster name
     * @param findings everything that is wrong; not empty
     */
    public InvalidSpecException(String cluster, List<Finding> findings) {
        super("spec of cluster " + cluster, findings);
    }
}
