package io.flinkmanaged.cluster;

import io.flinkmanaged.launch.JobFailure;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.JobID;

/**
 * A job that Flink has given up: its restart strategy is used up, or allows no restart after such a failure.
 *
 * @param job its name
 * @param jobId Flink's id of its attempt
 * @param failure why
 * @param agesOfFailures how long ago this process saw Flink give the job up, since it was submitted: the newest first, which is
 *     this one. An hour back, and a hundred at most
 */
public record FailedJob(String job, JobID jobId, JobFailure failure, List<Duration> agesOfFailures) {

    /** Keeps a copy. */
    public FailedJob {
        agesOfFailures = List.copyOf(agesOfFailures);
    }

    /**
     * Returns how often Flink has given the job up lately, this time included.
     *
     * @param time how far back: an hour at most
     */
    public long failuresWithin(Duration time) {
        return agesOfFailures.stream().filter(age -> age.compareTo(time) <= 0).count();
    }
}
