package io.flinkmanaged.supervise;

import java.time.Duration;

/**
 * A job that runs and whose checkpoints fail, one after the other.
 *
 * @param job its name
 * @param failed how many have failed since one was completed, or since the job was seen first
 * @param age how long ago that was: what was done since would be done again
 */
public record StaleCheckpoint(String job, long failed, Duration age) {

    /** Returns what happens, as a sentence. */
    String text() {
        return "job \"" + job + "\" has completed no checkpoint for " + age.toSeconds() + " s, and " + failed
                + " have failed since: whatever interrupts it has it do all that again. Look at the state storage, and for "
                + "back pressure";
    }
}
