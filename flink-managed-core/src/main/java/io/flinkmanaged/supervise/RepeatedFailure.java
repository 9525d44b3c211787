package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.FailureFingerprint;
import java.time.Duration;
import org.apache.flink.api.common.JobID;

/**
 * A job that has failed once or more often in a row, and completed no checkpoint in between: by its own doing, for one reason,
 * or by that of what it runs on.
 *
 * @param job its name
 * @param jobId Flink's id of its attempt
 * @param fingerprint what the last failure was; by the job's own doing, all of them were the same
 * @param ofInfrastructure whether something below the job failed, and no death that was seen explains it
 * @param failures how many were seen
 * @param lasting how long ago the first of them was seen
 * @param quiet how long ago the last of them was seen
 */
public record RepeatedFailure(
        String job,
        JobID jobId,
        FailureFingerprint fingerprint,
        boolean ofInfrastructure,
        int failures,
        Duration lasting,
        Duration quiet) {

    /** Once or twice is nothing that Flink does not heal by itself. */
    private static final int WORTH_TELLING = 3;

    /** It has come back, and may stay. */
    private static final Duration CALM = Duration.ofMinutes(1);

    /** Returns whether it goes on failing: often, and a moment ago. */
    boolean goesOn() {
        return isWorthTelling() && quiet.compareTo(CALM) < 0;
    }

    /** Returns whether it has happened so often that its cluster is not as it should be. */
    boolean isWorthTelling() {
        return failures >= WORTH_TELLING;
    }

    /** Returns what happens, as a sentence. */
    String text() {
        return "job \"" + job + "\" has failed " + failures + " times in a row without a checkpoint in between"
                + (ofInfrastructure ? ", by what it runs on, and no process has died: " : ": ") + fingerprint;
    }
}
