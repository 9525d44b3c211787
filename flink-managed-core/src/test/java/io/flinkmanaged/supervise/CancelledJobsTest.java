package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.model.ClusterName;
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

/** A job that is to be cancelled does not come back, whatever is lost in between. */
class CancelledJobsTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private ClusterJob job;

    @BeforeEach
    void runAJob() {
        supervised = new SupervisedCluster(directory, time);
        Supervision unused = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(SOON);
        job = supervised.submitted("delays", time);
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void isNotContinuedIfItsEpochIsLostBeforeItsEnd() {
        noteCancel();
        loseTheEpoch();
        assertThat(supervised.launcher.last().submissions()).isEmpty();
        assertThat(recordedEnd()).contains(AttemptEnd.of(Kind.CANCELED));
        assertThat(job.whenEnded()).isCompletedWithValue(new JobEnd(JobStatus.CANCELED, Optional.empty()));
    }

    @Test
    void isContinuedWithoutSuchAWish() {
        loseTheEpoch();
        assertThat(supervised.launcher.last().submissions()).hasSize(1);
        assertThat(job.hasEnded()).isFalse();
    }

    /** Flink may have taken it: to forget it would leave it running. */
    @Test
    void isSubmittedOnceMoreToBeCancelledIfNobodyKnowsWhetherFlinkHasIt() {
        supervised.launcher.answer(
                Map.of("delays", () -> CompletableFuture.failedFuture(new TimeoutException("no answer"))));
        loseTheEpoch();
        noteCancel();
        supervised.launcher.answer(Map.of());
        time.pass(Duration.ofSeconds(30));
        assertThat(supervised.launcher.last().cancelled())
                .containsExactly(job.attempt().orElseThrow().jobId());
        assertThat(recordedEnd()).contains(AttemptEnd.of(Kind.CANCELED));
        assertThat(job.hasEnded()).isTrue();
    }

    /** Flink said that it would, and then its JobManager was lost: the next one has the job run on. */
    @Test
    void isCancelledAgainUntilItHasEnded() {
        noteCancel();
        CompletableFuture<JobEnd> end = supervised.cluster.jobs().insistOnCancel(job, Duration.ofMinutes(1));
        time.pass(Duration.ofSeconds(4));
        assertThat(supervised.launcher.last().cancelled()).isEmpty();
        time.pass(Duration.ofSeconds(20));
        assertThat(supervised.launcher.last().cancelled())
                .containsExactly(job.attempt().orElseThrow().jobId());
        assertThat(end).isCompletedWithValue(new JobEnd(JobStatus.CANCELED, Optional.empty()));
        assertThat(recordedEnd()).contains(AttemptEnd.of(Kind.CANCELED));
    }

    @Test
    void canBeCancelledWhileTheStorageIsAway() {
        supervised.storage.outage(path -> path.startsWith("flights/jobs"));
        noteCancel();
        assertThat(supervised.events(OperationFailed.class))
                .singleElement()
                .extracting(OperationFailed::operation)
                .isEqualTo("recording that job \"delays\" is to be cancelled");
    }

    private void noteCancel() {
        CompletableFuture<Void> noted = supervised.cluster.jobs().noteCancel(job);
        time.runBlocking();
        assertThat(noted).isCompleted();
    }

    private void loseTheEpoch() {
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(SOON);
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
    }

    private Optional<AttemptEnd> recordedEnd() {
        return new JobStore(supervised.storage, new ClusterName("flights"))
                .endOf(job.attempt().orElseThrow());
    }
}
