package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.ScriptedCluster;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.storage.CheckpointFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink calls a job finished that was stopped with a savepoint; whichever it was, its state is not lost. */
class FinishedJobsTest {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final AttemptEnd FINISHED = AttemptEnd.of(Kind.FINISHED);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private ScriptedCluster epoch;
    private ClusterJob job;

    @BeforeEach
    void runAJob() {
        supervised = new SupervisedCluster(directory, time);
        Supervision unused = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(SOON);
        epoch = supervised.launcher.last();
        job = submitted("delays");
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void asksUntilFlinkTellsThatTheJobWasStopped() {
        epoch.progress(() -> CompletableFuture.failedFuture(new TimeoutException("no answer")));
        finish();
        time.pass(Duration.ofMinutes(3));
        assertThat(recordedEnd()).isEmpty();
        assertThat(job.hasEnded()).isFalse();
        epoch.progress(() -> CompletableFuture.completedFuture(
                new JobProgress(3, 0, Optional.of(7L), Optional.empty(), Optional.of("file:///savepoint-9"))));
        time.pass(SOON);
        assertThat(recordedEnd()).contains(new AttemptEnd(Kind.STOPPED, Optional.of("file:///savepoint-9")));
        assertThat(job.hasEnded()).isTrue();
        ClusterJob unusedNext = submitted("delays");
        assertThat(epoch.submissions()).last().satisfies(next -> assertThat(next.recoveryPoint())
                .contains("file:///savepoint-9"));
    }

    @Test
    void findsTheSavepointInTheStorageAfterTheLossOfTheEpoch() {
        checkpoint(7);
        Path unusedOlder = CheckpointFiles.writeStopSavepoint(attempt("savepoints/savepoint-2"), 8);
        Path savepoint = CheckpointFiles.writeStopSavepoint(attempt("savepoints/savepoint-1"), 9);
        finishWithoutAnExplanationAndLoseTheEpoch();
        assertThat(recordedEnd()).contains(new AttemptEnd(Kind.STOPPED, Optional.of("file://" + savepoint)));
        assertNothingRunsAgain();
    }

    @Test
    void knowsAJobThatWentOnAfterItsSavepoint() {
        Path unusedSavepoint = CheckpointFiles.writeStopSavepoint(attempt("savepoints/savepoint-1"), 9);
        checkpoint(10);
        finishWithoutAnExplanationAndLoseTheEpoch();
        assertThat(recordedEnd()).contains(FINISHED);
        assertNothingRunsAgain();
    }

    @Test
    void takesASavepointThatWasTakenInPassingForNoStop() {
        Path unusedSavepoint = CheckpointFiles.write(attempt("savepoints/savepoint-1"), 9);
        finishWithoutAnExplanationAndLoseTheEpoch();
        assertThat(recordedEnd()).contains(FINISHED);
        assertThat(supervised.events(OperationFailed.class)).singleElement().satisfies(told -> assertThat(told.text())
                .contains("learning how job \"delays\" ended", "counts as finished", "StartingPoint.at"));
    }

    @Test
    void learnsItBeforeTheClusterIsClosed() {
        Path savepoint = CheckpointFiles.writeStopSavepoint(attempt("savepoints/savepoint-1"), 9);
        epoch.progress(() -> CompletableFuture.failedFuture(new TimeoutException("no answer")));
        finish();
        time.runBlocking();
        supervised.cluster.close();
        assertThat(recordedEnd()).contains(new AttemptEnd(Kind.STOPPED, Optional.of("file://" + savepoint)));
    }

    @Test
    void tellsNobodyBeforeTheEndIsRecordedAndRunsNothingAgain() {
        supervised.storage.outage(path -> path.endsWith("end.yaml"));
        finish();
        time.pass(SOON);
        epoch.become(Liveness.DEAD, "killed by a test");
        time.pass(Duration.ofMinutes(1));
        assertThat(job.hasEnded()).isFalse();
        assertThat(supervised.events(JobEnded.class)).isEmpty();
        supervised.storage.endOutage();
        time.pass(Duration.ofSeconds(6));
        assertThat(recordedEnd()).contains(FINISHED);
        assertThat(supervised.events(JobEnded.class)).hasSize(1);
        assertNothingRunsAgain();
    }

    @Test
    void waitsForTheStorageToLearnIt() {
        Path savepoint = CheckpointFiles.writeStopSavepoint(attempt("savepoints/savepoint-1"), 9);
        supervised.storage.outage(path -> path.contains("savepoints"));
        finishWithoutAnExplanationAndLoseTheEpoch();
        assertThat(recordedEnd()).isEmpty();
        supervised.storage.endOutage();
        time.pass(Duration.ofSeconds(6));
        assertThat(recordedEnd()).contains(new AttemptEnd(Kind.STOPPED, Optional.of("file://" + savepoint)));
        assertNothingRunsAgain();
    }

    private void finish() {
        epoch.end(jobId(), new JobEnd(JobStatus.FINISHED, Optional.empty()));
    }

    private void finishWithoutAnExplanationAndLoseTheEpoch() {
        epoch.progress(() -> CompletableFuture.failedFuture(new TimeoutException("no answer")));
        finish();
        epoch.become(Liveness.DEAD, "killed by a test");
        time.pass(SOON);
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
    }

    private void assertNothingRunsAgain() {
        assertThat(supervised.launcher.last()).isNotSameAs(epoch);
        assertThat(supervised.launcher.last().submissions()).isEmpty();
        assertThat(job.whenEnded()).isCompletedWithValue(new JobEnd(JobStatus.FINISHED, Optional.empty()));
    }

    private Optional<AttemptEnd> recordedEnd() {
        return new JobStore(supervised.storage, new ClusterName("flights"))
                .endOf(job.attempt().orElseThrow());
    }

    private void checkpoint(long number) {
        Path unused = CheckpointFiles.write(attempt("checkpoints/" + jobId() + "/chk-" + number), number);
    }

    private JobID jobId() {
        return job.attempt().orElseThrow().jobId();
    }

    private Path attempt(String path) {
        return directory.resolve("state/flights/jobs/delays/epoch-1-attempt-1/" + path);
    }

    private ClusterJob submitted(String name) {
        return supervised.submitted(name, time);
    }
}
