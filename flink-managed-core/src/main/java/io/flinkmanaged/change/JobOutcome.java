package io.flinkmanaged.change;

import java.util.Optional;

/**
 * Where a job is after a change.
 *
 * @param attemptBefore its attempt before
 * @param attemptAfter its attempt now
 * @param startingPoint the checkpoint or savepoint from which the present attempt started; empty for an empty state
 * @param runs whether all of it runs, or it has come to its end
 */
public record JobOutcome(String attemptBefore, String attemptAfter, Optional<String> startingPoint, boolean runs) {

    /** Returns whether it is another attempt. */
    public boolean wasRestarted() {
        return !attemptBefore.equals(attemptAfter);
    }

    /** Returns it as a phrase for people. */
    @Override
    public String toString() {
        return (wasRestarted()
                        ? attemptBefore + " → " + attemptAfter + " from " + startingPoint.orElse("an empty state")
                        : attemptAfter + ", untouched")
                + (runs ? "" : ", does not run yet");
    }
}
