package io.flinkmanaged.supervise;

import io.flinkmanaged.model.Redaction;

/**
 * How a cluster is.
 *
 * @param state one word
 * @param reason a sentence that carries the cause
 */
public record Health(State state, String reason) {

    /** Hides secrets. */
    public Health {
        reason = Redaction.hide(reason);
    }

    /** One word for how a cluster is. */
    public enum State {
        /** Everything that is wanted runs. */
        HEALTHY,
        /** It works, with less than is wanted: a TaskManager is missing. */
        DEGRADED,
        /** It is starting, or coming back. */
        RECOVERING,
        /** It cannot be observed; nothing is done on that alone. */
        UNKNOWN,
        /** The supervisor has stopped acting; a person must. */
        GAVE_UP,
        /** It was closed or terminated. */
        STOPPED
    }
}
