package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.storage.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that Flink refuses while the storage does not answer: whoever submitted it was told, and nothing of it comes back. */
class RefusedJobsTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private CompletableFuture<ClusterJob> submission;

    @BeforeEach
    void refuseAJob() {
        supervised = new SupervisedCluster(directory, time, true);
        Supervision unused = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(SOON);
        supervised.launcher.answer(Map.of(
                "delays",
                () -> CompletableFuture.failedFuture(
                        new JobRefusedException("refused", new ClassNotFoundException("no such class")))));
        supervised.storage.outage(path -> path.endsWith("end.yaml"));
        submission = supervised.submit("delays");
        time.runBlocking();
        supervised.launcher.answer(Map.of());
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void isToldThatItWasRefused() {
        assertThat(submission)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(JobRefusedException.class)
                .satisfies(refusal ->
                        assertThat(refusal.getSuppressed()).singleElement().isInstanceOf(StorageException.class));
        assertThat(supervised.cluster.jobs().find(new JobName("delays"))).isEmpty();
    }

    @Test
    void isRecordedAsSoonAsTheStorageAnswers() {
        time.pass(Duration.ofMinutes(1));
        assertThat(supervised.events(OperationFailed.class)).isNotEmpty().allSatisfy(told -> assertThat(
                        told.operation())
                .isEqualTo("recording that job \"delays\" was refused"));
        supervised.storage.endOutage();
        time.pass(Duration.ofSeconds(6));
        assertThat(recordedEnd()).contains(AttemptEnd.of(Kind.NOT_STARTED));
        loseTheEpoch();
        assertThat(supervised.launcher.last().submissions()).isEmpty();
    }

    @Test
    void isNotSubmittedByTheNextEpochBeforeThatIsRecorded() {
        supervised.storage.endOutage();
        assertThat(recordedEnd()).isEmpty();
        loseTheEpoch();
        assertThat(supervised.launcher.last().submissions()).isEmpty();
    }

    @Test
    void canBeSubmittedAgainMeanwhile() {
        supervised.storage.endOutage();
        ClusterJob again = supervised.submitted("delays", time);
        time.pass(Duration.ofSeconds(6));
        assertThat(again.attempt().orElseThrow().id()).hasToString("epoch-1-attempt-2");
        assertThat(again.hasEnded()).isFalse();
    }

    private void loseTheEpoch() {
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(SOON);
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
    }

    private Optional<AttemptEnd> recordedEnd() {
        JobStore store = new JobStore(supervised.storage, new ClusterName("flights"));
        JobAttempt attempt = store.lastAttempt("delays").orElseThrow();
        return store.endOf(attempt);
    }
}
