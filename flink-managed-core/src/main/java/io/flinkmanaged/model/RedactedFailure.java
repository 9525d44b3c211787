package io.flinkmanaged.model;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A copy of a failure without the secrets in its messages; each message begins with the original's class. */
final class RedactedFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedactedFailure(Throwable original) {
        this(original, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private RedactedFailure(Throwable original, Set<Throwable> seen) {
        super(Redaction.hide(original.toString()));
        setStackTrace(original.getStackTrace());
        seen.add(original);
        Throwable cause = original.getCause();
        if (cause != null && !seen.contains(cause)) {
            initCause(new RedactedFailure(cause, seen));
        }
        for (Throwable suppressed : original.getSuppressed()) {
            if (!seen.contains(suppressed)) {
                addSuppressed(new RedactedFailure(suppressed, seen));
            }
        }
    }
}
