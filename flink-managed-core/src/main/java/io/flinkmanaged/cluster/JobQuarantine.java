package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.JobQuarantined;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.FailureFingerprint;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that were ended because they failed again and again. Thread-safe; what changes something belongs on the cluster's
 * lane.
 *
 * <p>The end is recorded before Flink is asked to cancel the job: whoever takes over in between does not begin it again, and a
 * storage that does not answer puts nothing in quarantine.
 */
final class JobQuarantine {

    private static final Logger LOG = LoggerFactory.getLogger(JobQuarantine.class);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);

    private final JobStore store;
    private final ClusterServices services;
    private final JobEndings endings;
    private final SortedMap<String, String> reasons = new ConcurrentSkipListMap<>();
    /** Attempts that were found with that end: their process may have died before Flink was asked. */
    private final Map<JobName, JobAttempt> found = new ConcurrentHashMap<>();

    JobQuarantine(JobStore store, ClusterServices services, JobEndings endings) {
        this.store = store;
        this.services = services;
        this.endings = endings;
    }

    /** Returns why each of them was ended, by name. */
    SortedMap<String, String> reasons() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    }

    /** Ends a job's current attempt, unless it comes to its own end meanwhile. Blocks. */
    void put(ClusterJob job, FailureFingerprint fingerprint, int failures) {
        JobAttempt attempt = job.attempt().orElseThrow();
        JobGateway gateway = job.gateway();
        String reason = failures + " failures in a row without a checkpoint in between: " + fingerprint;
        endings.hold(attempt);
        if (!job.beginEnding()) {
            // Flink has ended it meanwhile, or given it up, and somebody rules what becomes of it.
            endings.release(job, attempt, gateway);
            return;
        }
        boolean isOurs;
        try {
            store.end(attempt, AttemptEnd.quarantined(reason));
            isOurs = store.endOf(attempt)
                    .filter(end -> end.kind() == Kind.QUARANTINED)
                    .isPresent();
        } catch (RuntimeException e) {
            job.continues();
            endings.release(job, attempt, gateway);
            throw e;
        }
        if (!isOurs) {
            job.continues();
            endings.release(job, attempt, gateway);
            return;
        }
        reasons.put(job.name().value(), reason);
        cancel(attempt, gateway, gateway.whenEnded(attempt.jobId()));
        tell(job, attempt, fingerprint, failures, reason);
    }

    /** Takes note of a job whose last attempt ended here, perhaps in another process. */
    void found(JobAttempt attempt, AttemptEnd end) {
        reasons.put(attempt.job().value(), end.reason().orElse("it failed again and again"));
        found.put(attempt.job(), attempt);
    }

    /** Cancels what was found and still runs in an epoch that was taken over. */
    void cancelFound(RunningEpoch running) {
        found.values().removeIf(attempt -> {
            if (attempt.id().epoch().equals(running.epoch())) {
                JobGateway gateway = running.launched().jobs();
                cancel(attempt, gateway, gateway.whenEnded(attempt.jobId()));
            }
            return true;
        });
    }

    /** A job was submitted anew. */
    void release(JobName job) {
        reasons.remove(job.value());
        found.remove(job);
    }

    /** Asks until the job is gone: after the loss of a JobManager, Flink itself would bring it back. */
    private void cancel(JobAttempt attempt, JobGateway gateway, CompletableFuture<JobEnd> gone) {
        if (gone.isDone()) {
            return;
        }
        try {
            CompletableFuture<Void> unused = gateway.client(attempt.jobId(), JobQuarantine.class.getClassLoader())
                    .cancel();
        } catch (RuntimeException e) {
            LOG.debug("Job \"{}\" could not be cancelled; it is tried again.", attempt.job(), e);
        }
        TimeSource.Cancellable unused = services.time().delay(ASK_AGAIN_AFTER, () -> cancel(attempt, gateway, gone));
    }

    private void tell(ClusterJob job, JobAttempt attempt, FailureFingerprint fingerprint, int failures, String reason) {
        ManagedFlinkException cause = new ManagedFlinkException(
                Code.JOB_FAILED,
                store.cluster().value(),
                "job \"" + job.name() + "\": quarantined after " + reason
                        + " (expected: progress). Remove the cause and submit the job again by its name: it continues "
                        + "from its newest complete checkpoint, which is kept.",
                null);
        services.events()
                .accept(new JobQuarantined(
                        store.cluster().value(),
                        services.time().now(),
                        job.name().value(),
                        attempt.jobId().toHexString(),
                        failures,
                        fingerprint.toString(),
                        String.valueOf(cause.getMessage())));
        job.ended(new JobEnd(JobStatus.FAILED, Optional.of(cause)), CompletableFuture.failedFuture(cause));
    }
}
