package io.flinkmanaged.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a cluster: what an operator would write in a diary.
 *
 * <p>Each kind is a flat record of ids, small values and text. New kinds will come: a listener that switches over them
 * needs a default.
 */
public sealed interface ClusterEvent {

    /** Returns the name of the cluster it happened to. */
    String cluster();

    /** Returns when the library saw it, by this machine's clock. */
    Instant at();

    /** Returns the event as one sentence for people, without cluster and time. */
    String text();

    /**
     * A cluster's processes are up and answer.
     *
     * @param cluster the cluster
     * @param at when
     * @param epoch the number of this life of its processes
     * @param webUi the address of Flink's REST interface and web UI
     * @param took from the beginning of the launch until now
     */
    record EpochStarted(String cluster, Instant at, long epoch, String webUi, Duration took) implements ClusterEvent {
        @Override
        public String text() {
            return "epoch " + epoch + " is up after " + took.toMillis() + " ms: " + webUi;
        }
    }

    /**
     * A cluster's processes have ended, or are lost.
     *
     * @param cluster the cluster
     * @param at when
     * @param epoch which life ended
     * @param reason why
     */
    record EpochEnded(String cluster, Instant at, long epoch, String reason) implements ClusterEvent {
        @Override
        public String text() {
            return "epoch " + epoch + " ended: " + reason;
        }
    }

    /**
     * A cluster could not be started.
     *
     * @param cluster the cluster
     * @param at when
     * @param epoch which life it would have been
     * @param reason why not
     */
    record EpochFailed(String cluster, Instant at, long epoch, String reason) implements ClusterEvent {
        @Override
        public String text() {
            return "epoch " + epoch + " could not be started: " + reason;
        }
    }

    /**
     * A TaskManager is gone.
     *
     * @param cluster the cluster
     * @param at when the library noticed
     * @param node the node it ran on
     * @param resourceId Flink's id of it
     * @param diedAt when it died, as its witness saw it
     * @param cause what is known of the reason
     */
    record TaskManagerLost(String cluster, Instant at, int node, String resourceId, Instant diedAt, String cause)
            implements ClusterEvent {

        /** Returns the time from the death until the library noticed. */
        public Duration detectedAfter() {
            return Duration.between(diedAt, at);
        }

        @Override
        public String text() {
            return "TaskManager of node " + node + " lost (" + cause + "), detected after "
                    + detectedAfter().toMillis() + " ms";
        }
    }

    /**
     * A TaskManager stands in the place of a lost one.
     *
     * @param cluster the cluster
     * @param at when
     * @param node the node
     * @param resourceId Flink's id of the new one
     * @param took from the decision until the new one was up
     */
    record TaskManagerReplaced(String cluster, Instant at, int node, String resourceId, Duration took)
            implements ClusterEvent {
        @Override
        public String text() {
            return "TaskManager of node " + node + " replaced in " + took.toMillis() + " ms";
        }
    }

    /**
     * A process of a node, no TaskManager, died.
     *
     * @param cluster the cluster
     * @param at when that was seen
     * @param node the node
     * @param process which of its processes: {@code jobmanager} or {@code zookeeper}
     * @param diedAt when it died
     * @param cause why, as far as is known
     */
    record ProcessLost(String cluster, Instant at, int node, String process, Instant diedAt, String cause)
            implements ClusterEvent {
        @Override
        public String text() {
            return process + " of node " + node + " died: " + cause;
        }
    }

    /**
     * A process of a node lives and does nothing any more. It is ended next, and another one takes its place.
     *
     * @param cluster the cluster
     * @param at when that was told
     * @param node the node
     * @param process which of its processes: {@code jobmanager}, {@code taskmanager} or {@code zookeeper}
     * @param since when it was first silent
     * @param evidence who says so
     */
    record ProcessHung(String cluster, Instant at, int node, String process, Instant since, String evidence)
            implements ClusterEvent {
        @Override
        public String text() {
            return process + " of node " + node + " hangs since " + since + ": " + evidence;
        }
    }

    /**
     * Another process was started in the place of a lost one.
     *
     * @param cluster the cluster
     * @param at when
     * @param node the node
     * @param process which of its processes
     */
    record ProcessRestarted(String cluster, Instant at, int node, String process) implements ClusterEvent {
        @Override
        public String text() {
            return process + " of node " + node + " was started again";
        }
    }

    /**
     * Processes that a former process of this library had started were found alive and taken over.
     *
     * @param cluster the cluster
     * @param at when
     * @param epoch which life of the cluster
     * @param webUi the address of Flink's REST interface and web UI
     */
    record EpochAdopted(String cluster, Instant at, long epoch, String webUi) implements ClusterEvent {
        @Override
        public String text() {
            return "epoch " + epoch + " was found alive and taken over: " + webUi;
        }
    }

    /**
     * A process runs with a certificate in the last third of its life; said once for each process.
     *
     * @param cluster the cluster
     * @param at when
     * @param node the node
     * @param process which of its processes
     * @param until when the others begin to refuse it
     */
    record CertificateEnding(String cluster, Instant at, int node, String process, Instant until)
            implements ClusterEvent {
        @Override
        public String text() {
            return "certificate of " + process + " of node " + node + ": ends on " + until
                    + " (expected: more than a third of its life left). Call certificates().renew() before";
        }
    }

    /**
     * Every process runs with new certificates.
     *
     * @param cluster the cluster
     * @param at when
     * @param authorities whether the authorities are new, too, so that access that was granted before has ended
     */
    record CertificatesRenewed(String cluster, Instant at, boolean authorities) implements ClusterEvent {
        @Override
        public String text() {
            return "every process has new certificates"
                    + (authorities ? ", by new authorities; access to REST that was granted before has ended" : "");
        }
    }

    /**
     * Somebody was given a certificate for Flink's REST interface.
     *
     * @param cluster the cluster
     * @param at when
     * @param grantee who
     * @param until when it ends
     */
    record AccessGranted(String cluster, Instant at, String grantee, Instant until) implements ClusterEvent {
        @Override
        public String text() {
            return "access to REST granted to " + grantee + " until " + until;
        }
    }

    /**
     * A job has been handed to Flink.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param jobId Flink's id of this attempt
     * @param attempt epoch and number of the attempt
     * @param startingPoint the recovery point it starts from; empty for an empty state
     */
    record JobSubmitted(
            String cluster, Instant at, String job, String jobId, String attempt, Optional<String> startingPoint)
            implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\" submitted as " + attempt + " from " + startingPoint.orElse("an empty state");
        }
    }

    /**
     * Every task of a job runs, for the first time or again after a failure.
     *
     * @param cluster the cluster
     * @param at when the library noticed
     * @param job its name
     * @param jobId Flink's id of this attempt
     * @param restoredCheckpoint the checkpoint that Flink restored last, if it restored one
     * @param interruption how long the job did not run, at most: from a death that was witnessed, else from the last look
     *     before it was interrupted; empty for the first time
     */
    record JobRunning(
            String cluster,
            Instant at,
            String job,
            String jobId,
            Optional<Long> restoredCheckpoint,
            Optional<Duration> interruption)
            implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\" "
                    + interruption
                            .map(gap -> "runs again after " + gap.toMillis() + " ms")
                            .orElse("runs")
                    + restoredCheckpoint
                            .map(id -> ", restored from checkpoint " + id)
                            .orElse("");
        }
    }

    /**
     * Not every task of a job that ran runs any more, or did not for a while since the last look: Flink restarts it.
     *
     * @param cluster the cluster
     * @param at when the library noticed
     * @param job its name
     * @param jobId Flink's id of this attempt
     * @param status Flink's word for the job's state
     */
    record JobInterrupted(String cluster, Instant at, String job, String jobId, String status) implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\" interrupted (" + status + ")";
        }
    }

    /**
     * A job has ended and Flink will not restart it.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param jobId Flink's id of this attempt
     * @param status FINISHED, CANCELED or FAILED
     * @param cause why it failed; empty otherwise
     */
    record JobEnded(String cluster, Instant at, String job, String jobId, String status, Optional<String> cause)
            implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\" " + status
                    + cause.map(text -> ": " + text).orElse("");
        }
    }

    /**
     * Flink has given up a job, and the failover policy has another attempt begin, from the newest complete checkpoint. Its end
     * is not told: there was none.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param jobId Flink's id of the attempt that failed
     * @param cause why it failed
     */
    record JobBegunAgain(String cluster, Instant at, String job, String jobId, String cause) implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\" was given up by Flink and is begun again: " + cause;
        }
    }

    /**
     * A job of a lost epoch could not be continued in the new one.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param reason why not, and what to do
     */
    record JobNotRecovered(String cluster, Instant at, String job, String reason) implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\" not recovered: " + reason;
        }
    }

    /**
     * A job failed again and again for one reason, without a checkpoint in between, and was ended. Its last checkpoint is
     * kept: submitting the job by its name continues it from there.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param jobId Flink's id of the attempt
     * @param failures how often it failed so, in a row
     * @param fingerprint by what these failures are one: exception, message and where it was thrown
     * @param reason what happened and what to do, as whoever waits for the job is told
     */
    record JobQuarantined(
            String cluster, Instant at, String job, String jobId, int failures, String fingerprint, String reason)
            implements ClusterEvent {
        @Override
        public String text() {
            return reason;
        }
    }

    /**
     * A checkpoint that was completed once is damaged; a job starts from an older one.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param defect which checkpoint, and what is wrong with it
     */
    record CheckpointPassedOver(String cluster, Instant at, String job, String defect) implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\": a damaged checkpoint was passed over: " + defect;
        }
    }

    /**
     * A state file of a running job comes near the longest that its storage takes; said once an attempt.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param file which file of its newest checkpoint
     * @param bytes how long it is
     * @param limit how long it may be
     * @param reason whose limit that is
     */
    record StateFileNearLimit(
            String cluster, Instant at, String job, String file, long bytes, long limit, String reason)
            implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\": a state file has " + (bytes >> 20) + " MiB (expected: at most " + (limit >> 20)
                    + " MiB, " + reason + "): " + file + ". A checkpoint with a longer one fails, and the job goes on "
                    + "without it. Give the job more parallelism, or use ROCKSDB with incremental checkpoints.";
        }
    }

    /**
     * Classes of a job came from no jar or directory, so they are not kept: a process that does not have them cannot
     * continue the job.
     *
     * @param cluster the cluster
     * @param at when
     * @param job its name
     * @param classes their names
     */
    record UserCodeNotKept(String cluster, Instant at, String job, String classes) implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\": these classes come from no jar or directory and are not kept with it: "
                    + classes;
        }
    }

    /**
     * A job runs that was not submitted through the library: a new epoch will not bring it back.
     *
     * @param cluster the cluster
     * @param at when the library noticed
     * @param job its name
     * @param jobId Flink's id
     */
    record UnmanagedJobSeen(String cluster, Instant at, String job, String jobId) implements ClusterEvent {
        @Override
        public String text() {
            return "job \"" + job + "\" was not submitted through this library: a new epoch will not continue it";
        }
    }

    /**
     * The health of a cluster has changed.
     *
     * @param cluster the cluster
     * @param at when
     * @param health the new health
     * @param reason why
     */
    record HealthChanged(String cluster, Instant at, String health, String reason) implements ClusterEvent {
        @Override
        public String text() {
            return health + ": " + reason;
        }
    }

    /**
     * Everything that is wanted runs again after something went wrong; the cluster's incidents tell the whole of it.
     *
     * @param cluster the cluster
     * @param at when
     * @param incident its number
     * @param cause what was seen first
     * @param took from the beginning, as far as it is known, until now
     */
    record IncidentClosed(String cluster, Instant at, long incident, String cause, Duration took)
            implements ClusterEvent {
        @Override
        public String text() {
            return "incident " + incident + " closed after " + took.toMillis() + " ms: " + cause;
        }
    }

    /**
     * Something the supervisor tried did not work; it will decide anew.
     *
     * @param cluster the cluster
     * @param at when
     * @param operation what it tried
     * @param reason why it failed
     */
    record OperationFailed(String cluster, Instant at, String operation, String reason) implements ClusterEvent {
        @Override
        public String text() {
            return operation + " failed: " + reason;
        }
    }

    /**
     * The spec given for an operated cluster is not the one it runs with; nothing was changed.
     *
     * @param cluster the cluster
     * @param at when
     * @param differences what differs
     */
    record SpecDiffers(String cluster, Instant at, String differences) implements ClusterEvent {
        @Override
        public String text() {
            return "the given spec differs from the one in force, which stays: " + differences
                    + ". To see what putting it in force takes, and to do it: cluster.preview(spec), cluster.apply(change)";
        }
    }

    /**
     * Another spec is in force, and what had to begin anew for it has begun.
     *
     * @param cluster the cluster
     * @param at when
     * @param disruption what it took
     * @param report what was done, for people
     */
    record ChangeApplied(String cluster, Instant at, String disruption, String report) implements ClusterEvent {
        @Override
        public String text() {
            return "change applied: " + report;
        }
    }

    /**
     * A change could not be applied; the spec before it is in force, unless the reason says otherwise.
     *
     * @param cluster the cluster
     * @param at when
     * @param disruption what it would have taken
     * @param reason why not, and what was done about it
     */
    record ChangeFailed(String cluster, Instant at, String disruption, String reason) implements ClusterEvent {
        @Override
        public String text() {
            return "change not applied: " + reason;
        }
    }

    /**
     * The launcher cannot keep something that the spec says; said once at launch.
     *
     * @param cluster the cluster
     * @param at when
     * @param finding what, and what it means
     */
    record SpecNotKept(String cluster, Instant at, String finding) implements ClusterEvent {
        @Override
        public String text() {
            return finding;
        }
    }

    /**
     * A lock of the library does not hold for a key that the spec overrides, because a policy grants it; said once at
     * launch.
     *
     * @param cluster the cluster
     * @param at when
     * @param key Flink's key
     * @param policy the policy's name
     * @param reason the policy's reason
     */
    record LockGranted(String cluster, Instant at, String key, String policy, String reason) implements ClusterEvent {
        @Override
        public String text() {
            return key + " is overridden though it is locked: policy " + policy + " grants it: " + reason;
        }
    }

    /**
     * Something about the spec, or about the storage that it names, is allowed and worth knowing; said once at launch.
     *
     * @param cluster the cluster
     * @param at when
     * @param finding what, and what to do
     */
    record SpecAdvised(String cluster, Instant at, String finding) implements ClusterEvent {
        @Override
        public String text() {
            return finding;
        }
    }

    /**
     * State that nobody needs any more was deleted, as a retention plan says.
     *
     * @param cluster the cluster
     * @param at when
     * @param files how many files are gone
     * @param bytes how long they were together
     * @param left how many files the storage still shows although it was told to delete them
     */
    record StateDeleted(String cluster, Instant at, long files, long bytes, long left) implements ClusterEvent {
        @Override
        public String text() {
            return "retention: " + files + " files deleted, " + bytes + " bytes"
                    + (left == 0 ? "" : "; the storage still shows " + left + " more that it was told to delete");
        }
    }

    /**
     * A listener was too slow: events between the one before and the one after this were dropped.
     *
     * @param cluster empty: they may have been of several clusters
     * @param at when
     * @param count how many
     */
    record EventsDropped(String cluster, Instant at, long count) implements ClusterEvent {
        @Override
        public String text() {
            return count + " events dropped, because the listeners did not keep up";
        }
    }
}
