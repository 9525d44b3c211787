package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.launch.ScriptedCluster;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.storage.CheckpointFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job ended, and its JobManager died before anybody was told: the next one does not know the job. */
class ForgottenJobsTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private Supervision supervision;
    private ScriptedCluster epoch;

    @BeforeEach
    void supervise() {
        supervised = new SupervisedCluster(directory, time);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(SOON);
        epoch = supervised.launcher.last();
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void goesOnFromItsNewestCheckpointAsTheNextAttempt() {
        ClusterJob job = submitted();
        JobAttempt first = attemptOf(job);
        Path checkpoint = checkpoint(7);
        forget(job);
        assertThat(epoch.submissions()).hasSize(2).last().satisfies(next -> {
            assertThat(next.recoveryPoint()).contains("file://" + checkpoint);
            assertThat(next.jobId()).isNotEqualTo(first.jobId());
        });
        assertThat(attemptOf(job).id().number()).isEqualTo(2);
        assertThat(job.hasEnded()).isFalse();
        assertThat(supervised.events(JobEnded.class)).isEmpty();
        assertThat(supervised.events(OperationFailed.class)).singleElement().satisfies(told -> assertThat(told.text())
                .contains("learning how job \"delays\" ended", "does not know it any more", "is continued"));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void goesOnFromWhereItBeganIfItHadNoCheckpoint() {
        ClusterJob job = submitted();
        forget(job);
        assertThat(epoch.submissions()).hasSize(2).last().satisfies(next -> assertThat(next.recoveryPoint())
                .isEmpty());
    }

    @Test
    void wasStoppedIfItsNewestPointIsTheSavepointOfAStop() {
        ClusterJob job = submitted();
        Path savepoint = CheckpointFiles.writeStopSavepoint(attempt("savepoints/savepoint-1"), 9);
        forget(job);
        assertOver(job, JobStatus.FINISHED, new AttemptEnd(Kind.STOPPED, Optional.of("file://" + savepoint)));
        ClusterJob unusedNext = submitted();
        assertThat(epoch.submissions()).last().satisfies(next -> assertThat(next.recoveryPoint())
                .contains("file://" + savepoint));
    }

    /** Flink deletes the checkpoints of a job that has finished, and of no other. */
    @Test
    void hasFinishedIfItsCheckpointsAreGone() {
        ClusterJob job = submitted();
        store().notes().noteCheckpoint(attemptOf(job), time.now());
        forget(job);
        assertOver(job, JobStatus.FINISHED, AttemptEnd.of(Kind.FINISHED));
        assertThat(job.whenResult()).as("without accumulators").isCompleted();
        assertThat(supervised.events(OperationFailed.class)).singleElement().satisfies(told -> assertThat(told.text())
                .contains("counts as finished", "StartingPoint.at"));
    }

    @Test
    void wasCancelledIfThatWasWanted() {
        ClusterJob job = submitted();
        Path unused = checkpoint(7);
        store().notes().noteCancel(attemptOf(job), time.now());
        forget(job);
        assertOver(job, JobStatus.CANCELED, AttemptEnd.of(Kind.CANCELED));
    }

    @Test
    void isNeitherOverNorContinuedWhileTheStorageDoesNotAnswer() {
        ClusterJob job = submitted();
        Path checkpoint = checkpoint(7);
        supervised.storage.outage(path -> path.contains("checkpoints") || path.contains("savepoints"));
        forget(job);
        time.pass(Duration.ofMinutes(2));
        assertThat(epoch.submissions()).hasSize(1);
        assertThat(job.hasEnded()).isFalse();
        supervised.storage.endOutage();
        time.pass(Duration.ofSeconds(10));
        assertThat(epoch.submissions()).hasSize(2).last().satisfies(next -> assertThat(next.recoveryPoint())
                .contains("file://" + checkpoint));
    }

    /** As after the adoption of a cluster in which it ended hours ago: Flink would take its id once more. */
    @Test
    void isNotRunOnceMoreFromItsStartIfNobodyKnewWhetherFlinkHadIt() {
        supervised.launcher.answer(
                Map.of("delays", () -> CompletableFuture.failedFuture(new TimeoutException("no answer"))));
        CompletableFuture<ClusterJob> unanswered = supervised.submit("delays");
        time.runBlocking();
        assertThat(unanswered).isCompletedExceptionally();
        JobSubmission first = epoch.submissions().get(0);
        Path checkpoint = checkpoint(7);
        epoch.forget(first.jobId());
        supervised.launcher.answer(Map.of());
        time.pass(Duration.ofMinutes(1));
        assertThat(epoch.submissions()).hasSize(2).last().satisfies(next -> {
            assertThat(next.jobId()).isNotEqualTo(first.jobId());
            assertThat(next.recoveryPoint()).contains("file://" + checkpoint);
        });
    }

    private void forget(ClusterJob job) {
        epoch.forget(attemptOf(job).jobId());
        time.pass(SOON);
    }

    private void assertOver(ClusterJob job, JobStatus status, AttemptEnd end) {
        assertThat(job.whenEnded()).isCompletedWithValue(new JobEnd(status, Optional.empty()));
        assertThat(store().endOf(attemptOf(job))).contains(end);
        assertThat(supervised.events(JobEnded.class)).hasSize(1);
        assertThat(epoch.submissions()).as("nothing runs again").hasSize(1);
    }

    private JobStore store() {
        return new JobStore(supervised.storage, new ClusterName("flights"));
    }

    private static JobAttempt attemptOf(ClusterJob job) {
        return job.attempt().orElseThrow();
    }

    private ClusterJob submitted() {
        return supervised.submitted("delays", time);
    }

    private Path checkpoint(long number) {
        String jobId = supervised
                .cluster
                .jobs()
                .all()
                .iterator()
                .next()
                .attempt()
                .orElseThrow()
                .jobId()
                .toHexString();
        return CheckpointFiles.write(attempt("checkpoints/" + jobId + "/chk-" + number), number);
    }

    private Path attempt(String path) {
        return directory.resolve("state/flights/jobs/delays/epoch-1-attempt-1/" + path);
    }
}
