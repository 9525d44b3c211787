package io.flinkmanaged.storage;

import io.flinkmanaged.model.ManagedFlinkException;
import org.jspecify.annotations.Nullable;

/** State storage refused, did not answer, or is not what it should be. */
public class StorageException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong and what to do
     * @param cause the first cause, or {@code null}
     */
    public StorageException(String message, @Nullable Throwable cause) {
        super(Code.STORAGE, null, message, cause);
    }
}
