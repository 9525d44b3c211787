package io.flinkmanaged.journal;

import io.flinkmanaged.model.ManagedFlinkException;
import org.jspecify.annotations.Nullable;

/** The journal is in use by somebody else, damaged, or cannot be read or written. */
public class JournalException extends ManagedFlinkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param code {@link ManagedFlinkException.Code#JOURNAL} or {@link ManagedFlinkException.Code#CONFLICT}
     * @param message what was wrong and what to do
     * @param cause the first cause, or {@code null}
     */
    public JournalException(Code code, String message, @Nullable Throwable cause) {
        super(code, null, message, cause);
    }
}
