package io.flinkmanaged.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that this library throws on purpose.
 *
 * <p>The message says what was wrong, the value, what was expected and what to do; {@link #code()} is for programs.
 */
public class ManagedFlinkException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is, and whether the same call may succeed later without a change. */
    public enum Code {
        /** An argument, a spec or a program is wrong; the same call fails again. */
        INVALID_INPUT(false),
        /** The object was closed, terminated or has ended; the same call fails again. */
        CLOSED(false),
        /** The thing is in use by somebody else: a job name, a cluster name, a storage prefix, a journal. */
        CONFLICT(true),
        /** A cluster could not be started. */
        LAUNCH_FAILED(true),
        /** A job ended without success. */
        JOB_FAILED(false),
        /** State storage did not do what was asked. */
        STORAGE(true),
        /** The journal did not do what was asked. */
        JOURNAL(true),
        /** A wait ended before what was awaited happened. */
        TIMEOUT(true),
        /** The thread was interrupted while it waited; what it waited for goes on. */
        INTERRUPTED(true),
        /** The cluster cannot answer now: it is starting, recovering or lost. */
        UNAVAILABLE(true);

        private final boolean retryable;

        Code(boolean retryable) {
            this.retryable = retryable;
        }

        /** Returns whether the same call may succeed later without a change. */
        public boolean isRetryable() {
            return retryable;
        }
    }

    private final Code code;
    private final @Nullable String cluster;

    /**
     * Creates an exception that concerns no particular cluster.
     *
     * @param code the kind of failure
     * @param message what was wrong and what to do
     */
    public ManagedFlinkException(Code code, String message) {
        // Not this(…, null): a cause that was given, even as null, cannot be added by initCause any more.
        super(Redaction.hide(message));
        this.code = code;
        this.cluster = null;
    }

    /**
     * Creates an exception.
     *
     * @param code the kind of failure
     * @param cluster the name of the cluster it concerns, or {@code null}
     * @param message what was wrong and what to do
     * @param cause the first cause, or {@code null}
     */
    public ManagedFlinkException(Code code, @Nullable String cluster, String message, @Nullable Throwable cause) {
        super(Redaction.hide(message), Redaction.hideIn(cause));
        this.code = code;
        this.cluster = cluster;
    }

    /** Returns the kind of failure. */
    public final Code code() {
        return code;
    }

    /** Returns whether the same call may succeed later without a change. */
    public final boolean isRetryable() {
        return code.isRetryable();
    }

    /** Returns the name of the cluster that the failure concerns, if it concerns one. */
    public final Optional<String> cluster() {
        return Optional.ofNullable(cluster);
    }
}
