package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.ScriptedCluster;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.storage.CheckpointFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are stopped for a change of their cluster. */
class HaltedJobsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NOTE = "to-be-halted.yaml";

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private ScriptedCluster epoch;
    private JobStore store;
    private ClusterJob job;
    private JobAttempt first;

    @BeforeEach
    void runAJob() {
        supervised = new SupervisedCluster(directory, time);
        Supervision unused = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(SOON);
        epoch = supervised.launcher.last();
        store = new JobStore(supervised.storage, new ClusterName("flights"));
        job = supervised.submitted("delays", time);
        first = job.attempt().orElseThrow();
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    /** As the process that takes over finds it, if the former one died before it could continue the job. */
    @Test
    void areContinuedFromTheirSavepointsWhoeverHaltedThem() {
        store.notes().noteHalt(first, Kind.STOPPED, Instant.EPOCH);
        Path savepoint = stop();
        assertContinuedFrom(savepoint);
    }

    @Test
    void areContinuedFromTheirNewestCheckpointsIfTheyWereCancelled() {
        store.notes().noteHalt(first, Kind.CANCELED, Instant.EPOCH);
        Path checkpoint = CheckpointFiles.write(attempt("checkpoints/" + first.jobId() + "/chk-7"), 7);
        end(JobStatus.CANCELED);
        assertContinuedFrom(checkpoint);
    }

    @Test
    void areContinuedIfTheirClusterIsClosedBeforeTheyHaveStopped() {
        epoch.stop(() -> {
            supervised.cluster.refuseNewWork();
            return new CompletableFuture<>();
        });
        assertThatThrownBy(() -> halt(true)).hasMessageContaining("the cluster is being closed");
        Path unusedSavepoint = stop();
        assertNoEnd();
    }

    @Test
    void haveEndedIfTheyAreToBeCancelledAnyway() {
        store.notes().noteHalt(first, Kind.CANCELED, Instant.EPOCH);
        store.notes().noteCancel(first, Instant.EPOCH);
        end(JobStatus.CANCELED);
        assertEnd(AttemptEnd.of(Kind.CANCELED));
    }

    @Test
    void haveEndedIfTheyFinishedBeforeTheyWereStopped() {
        store.notes().noteHalt(first, Kind.STOPPED, Instant.EPOCH);
        end(JobStatus.FINISHED);
        assertEnd(AttemptEnd.of(Kind.FINISHED));
    }

    @Test
    void haveEndedIfSomebodyElseStopsThem() {
        store.notes().noteHalt(first, Kind.STOPPED, Instant.EPOCH);
        CompletableFuture<Void> noted = supervised.cluster.jobs().noteStop(job);
        time.runBlocking();
        assertThat(noted).isCompleted();
        Path savepoint = stop();
        assertEnd(stoppedWith(savepoint));
    }

    @Test
    void haveEndedIfSomebodyStopsThemAfterFlinkDidNotForTheCluster() {
        assertThatThrownBy(() -> halt(true)).hasMessageContaining("takes no savepoints");
        Path savepoint = stop();
        assertEnd(stoppedWith(savepoint));
    }

    @Test
    void areNotHaltedIfNobodyCouldKnowByWhom() {
        supervised.storage.outage(path -> path.endsWith(NOTE));
        assertThatThrownBy(() -> halt(false))
                .hasMessageContaining("job \"delays\", cancel: failed (expected: done). It goes on")
                .hasMessageContaining("no connection");
        assertThat(epoch.cancelled()).isEmpty();
        supervised.storage.endOutage();
        end(JobStatus.FINISHED);
        assertEnd(AttemptEnd.of(Kind.FINISHED));
    }

    @Test
    void areNotTakenForEndedWhileTheStorageDoesNotTell() {
        store.notes().noteHalt(first, Kind.CANCELED, Instant.EPOCH);
        supervised.storage.outage(path -> path.endsWith(NOTE));
        end(JobStatus.CANCELED);
        time.pass(Duration.ofMinutes(1));
        assertNoEnd();
        assertThat(epoch.submissions()).hasSize(1);
        supervised.storage.endOutage();
        time.pass(SOON);
        assertThat(epoch.submissions()).hasSize(2);
        assertNoEnd();
    }

    @Test
    void keepNobodyFromClosingTheCluster() throws Exception {
        try (SystemTimeSource real = new SystemTimeSource();
                SupervisedCluster closing = new SupervisedCluster(directory.resolve("closing"), real)) {
            closing.cluster.beginEpoch();
            CompletableFuture<ClusterJob> halted = closing.submit("flights");
            assertThat(halted).succeedsWithin(SOON);
            CountDownLatch asked = new CountDownLatch(1);
            closing.launcher.last().stop(() -> {
                asked.countDown();
                return new CompletableFuture<>();
            });
            CompletableFuture<List<ClusterJob>> halt =
                    closing.cluster.lane().run(() -> closing.cluster.jobs().halt(List.of(halted.join()), true));
            assertThat(asked.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

            closing.cluster.refuseNewWork();

            assertThat(halt).failsWithin(SOON).withThrowableThat().withMessageContaining("the cluster is being closed");
            assertThat(halted.join().hasEnded()).isFalse();
        }
    }

    private List<ClusterJob> halt(boolean withSavepoint) {
        return supervised.cluster.jobs().halt(List.of(job), withSavepoint);
    }

    private Path stop() {
        Path savepoint = CheckpointFiles.writeStopSavepoint(attempt("savepoints/savepoint-1"), 9);
        epoch.progress(() -> CompletableFuture.completedFuture(
                new JobProgress(3, 0, Optional.of(7L), Optional.empty(), Optional.of("file://" + savepoint))));
        end(JobStatus.FINISHED);
        return savepoint;
    }

    private void end(JobStatus status) {
        epoch.end(first.jobId(), new JobEnd(status, Optional.empty()));
        time.pass(SOON);
    }

    private void assertContinuedFrom(Path point) {
        assertNoEnd();
        assertThat(epoch.submissions()).hasSize(2).last().satisfies(next -> {
            assertThat(next.jobId()).isNotEqualTo(first.jobId());
            assertThat(next.recoveryPoint()).contains("file://" + point);
        });
    }

    private void assertNoEnd() {
        assertThat(store.endOf(first)).isEmpty();
        assertThat(job.hasEnded()).isFalse();
        assertThat(supervised.events(JobEnded.class)).isEmpty();
    }

    private void assertEnd(AttemptEnd end) {
        assertThat(store.endOf(first)).contains(end);
        assertThat(job.hasEnded()).isTrue();
        assertThat(epoch.submissions()).hasSize(1);
    }

    private static AttemptEnd stoppedWith(Path savepoint) {
        return new AttemptEnd(Kind.STOPPED, Optional.of("file://" + savepoint));
    }

    private Path attempt(String path) {
        return directory.resolve("state/flights/jobs/delays/epoch-1-attempt-1/" + path);
    }
}
