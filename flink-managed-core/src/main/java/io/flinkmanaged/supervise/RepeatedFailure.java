package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.FailureFingerprint;
import java.time.Duration;
import org.apache.flink.api.common.JobID;

/**
 * A job that has failed for one reason, once or more often in a row, and completed no checkpoint in between.
 *
 * @param job its name
 * @param jobId Flink's id of its attempt
 * @param fingerprint by what the failures are the same; never one of the infrastructure
 * @param failures how many were seen
 * @param lasting since when the first of them was seen
 */
public record RepeatedFailure(String job, JobID jobId, FailureFingerprint fingerprint, int failures, Duration lasting) {

    /** Returns what happens, as a sentence. */
    String text() {
        return "job \"" + job + "\" has failed " + failures + " times in a row without a checkpoint in between: "
                + fingerprint;
    }
}
