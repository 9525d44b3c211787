package io.flinkmanaged.launch;

import io.flinkmanaged.model.Redaction;

/**
 * How a stop ended.
 *
 * @param confirmed whether every process is known to be dead; a new epoch may submit jobs only then
 * @param detail what is known of those that may live, or of what went wrong; empty if all is well
 */
public record StopConfirmation(boolean confirmed, String detail) {

    /** Hides secrets. */
    public StopConfirmation {
        detail = Redaction.hide(detail);
    }

    /** Every process is dead. */
    public static final StopConfirmation CONFIRMED = new StopConfirmation(true, "");
}
