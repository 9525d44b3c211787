package io.flinkmanaged.launch;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A failure after which Flink restarted a job, or gave it up.
 *
 * @param at when, by the clock of the JobManager
 * @param fingerprint by what it is the same as another one
 * @param ofInfrastructure whether something below the job failed: a process, the network, a checkpoint. It says nothing of
 *     the job
 */
public record JobFailure(Instant at, FailureFingerprint fingerprint, boolean ofInfrastructure) {

    /**
     * What Flink 2.3 says when a TaskManager or JobManager is gone, or away; when there are no slots; and when checkpoints
     * fail, which the state storage does.
     */
    private static final Pattern OF_INFRASTRUCTURE = Pattern.compile("RemoteTransportException|LocalTransportException"
            + "|NoResourceAvailableException|PartitionNotFoundException|PartitionConnectionException"
            + "|RecipientUnreachableException|AskTimeoutException|HeartbeatTimeout|LeaderRetrieval|LeadershipLost"
            + "|FencingTokenException|UnfulfillableSlotRequestException|CheckpointException"
            + "|Exceeded checkpoint tolerable failure threshold|ConsumerCancelledException"
            + "|Heartbeat of (?:TaskManager|JobManager|ResourceManager) with id .* timed out"
            + "|TaskManager with id .* is no longer reachable|TaskExecutor is shutting down"
            + "|(?:TaskManager|TaskExecutor|JobManager|ResourceManager) .*(?:lost|killed|disconnected|terminated)"
            + "|JobManager is no longer the leader|BlobServer|Could not (?:download|retrieve) BLOB");

    /**
     * Reads a stack trace, as Java prints it.
     *
     * @param at when it failed
     * @param stackTrace with its causes
     */
    public static JobFailure of(Instant at, String stackTrace) {
        boolean ofInfrastructure = stackTrace
                .lines()
                // Frames of healthy methods may carry the same words.
                .filter(line -> !line.stripLeading().startsWith("at "))
                .anyMatch(line -> OF_INFRASTRUCTURE.matcher(line).find());
        return new JobFailure(at, FailureFingerprint.of(stackTrace), ofInfrastructure);
    }
}
