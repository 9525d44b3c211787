package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.JobQuarantined;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that fails again and again for one reason is ended; the others go on. */
class QuarantineTest {

    private static final String BAD_RECORD =
            "java.lang.IllegalStateException: record %d is bad\n\tat user.Parser.parse(Parser.java:12)\n";
    private static final String LOST =
            "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: %d";

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private Supervision supervision;
    private ClusterJob sound;
    private ClusterJob poisoned;

    @BeforeEach
    void runTwoJobs() {
        supervised = new SupervisedCluster(directory, time);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(Duration.ofSeconds(2));
        poisoned = submitted("poisoned");
        sound = submitted("sound");
        time.pass(Duration.ofSeconds(2));
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void endsTheJobAndNoOther() {
        fail(BAD_RECORD, 3, Duration.ofSeconds(1));
        assertThat(supervision.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(supervision.health().reason())
                .contains("\"poisoned\" has failed 3 times in a row", "record # is bad");

        fail(BAD_RECORD, 10, Duration.ofMinutes(1));
        assertThat(supervised.launcher.last().cancelled()).containsExactly(idOf(poisoned));
        assertThat(supervised.events(JobQuarantined.class)).singleElement().satisfies(event -> {
            assertThat(event.job()).isEqualTo("poisoned");
            assertThat(event.failures()).isGreaterThanOrEqualTo(10);
            assertThat(event.fingerprint())
                    .isEqualTo("java.lang.IllegalStateException: record # is bad (at user.Parser.parse)");
            assertThat(event.reason()).contains("submit the job again by its name");
        });
        assertThat(poisoned.whenEnded().join().cause())
                .get()
                .asString()
                .contains("quarantined after", "record # is bad");
        assertThat(poisoned.whenResult()).isCompletedExceptionally();
        assertThat(store().endOf(attemptOf(poisoned)).map(AttemptEnd::kind)).contains(AttemptEnd.Kind.QUARANTINED);
        assertThat(supervision.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(supervision.health().reason()).contains("in quarantine", "poisoned", "record # is bad");
        assertThat(sound.hasEnded()).isFalse();
    }

    /** What Flink says of the cancelled job afterwards changes nothing, nor does the loss of the epoch. */
    @Test
    void doesNotBeginTheJobAgainInTheNextEpoch() {
        quarantine();
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(Duration.ofMinutes(1));
        assertThat(supervised.launcher.last().submissions())
                .extracting(submission -> submission.name().value())
                .containsExactly("sound");
        assertThat(supervision.health().reason()).contains("in quarantine");
        assertThat(supervised.events(JobQuarantined.class)).hasSize(1);
    }

    @Test
    void isKnownToWhoeverContinuesTheCluster() {
        quarantine();
        supervision.end("its process ends");
        supervised.cluster.close();
        supervised.close();
        supervised = new SupervisedCluster(directory, time, true);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(Duration.ofMinutes(1));
        assertThat(supervised.launcher.last().submissions())
                .extracting(submission -> submission.name().value())
                .containsExactly("sound");
        assertThat(supervision.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(supervision.health().reason()).contains("in quarantine", "poisoned", "record # is bad");
    }

    @Test
    void letsTheJobGoOnWhenItIsSubmittedAgain() {
        quarantine();
        poisoned = submitted("poisoned");
        time.pass(Duration.ofSeconds(2));
        assertThat(poisoned.attempt().orElseThrow().id()).hasToString("epoch-1-attempt-2");
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void isOneIncidentFromTheThirdFailureOn() {
        fail(BAD_RECORD, 8, Duration.ofSeconds(20));
        assertThat(supervision.incidents()).hasSize(3);
        assertThat(supervision.incidents().get(0).open()).isTrue();
        complete(1);
        assertThat(supervision.incidents()).hasSize(3);
        assertThat(supervision.incidents().get(0).open()).isFalse();
    }

    @Test
    void countsAnewAfterACheckpoint() {
        for (long checkpoint = 1; checkpoint < 40; checkpoint++) {
            fail(BAD_RECORD, 2, Duration.ofSeconds(30));
            complete(checkpoint);
        }
        assertThat(supervised.events(JobQuarantined.class)).isEmpty();
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void countsAnewAfterAnotherFailure() {
        for (int i = 0; i < 40; i++) {
            fail(BAD_RECORD, 1, Duration.ofSeconds(30));
            fail(BAD_RECORD.replace("IllegalState", "IllegalArgument"), 1, Duration.ofSeconds(30));
        }
        assertThat(supervised.events(JobQuarantined.class)).isEmpty();
    }

    @Test
    void doesNotHoldAJobResponsibleForWhatItRunsOnButSaysSo() {
        fail(LOST, 60, Duration.ofSeconds(30));
        assertThat(supervised.events(JobQuarantined.class)).isEmpty();
        assertThat(supervision.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(supervision.health().reason())
                .contains(
                        "\"poisoned\" has failed 60 times in a row", "by what it runs on", "RemoteTransportException");
        complete(1);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void saysNothingOfFailuresThatADeathExplains() {
        for (int i = 0; i < 10; i++) {
            supervised.launcher.last().die(1, time.now());
            fail(LOST, 1, Duration.ofMinutes(2));
        }
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    /** Without checkpoints nothing but time tells that it runs. */
    @Test
    void countsAnewAfterALongTimeWithoutAFailure() {
        fail(BAD_RECORD, 40, Duration.ofHours(2));
        assertThat(supervised.events(JobQuarantined.class)).isEmpty();
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    /** Minutes without a database, say: Flink restarts the job as often as its strategy allows. */
    @Test
    void isPatientWithFailuresThatComeFast() {
        fail(BAD_RECORD, 300, Duration.ofSeconds(1));
        assertThat(supervised.events(JobQuarantined.class)).isEmpty();
        complete(1);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void endsNothingWhoseEndCannotBeRecorded() {
        supervised.storage.outage(path -> path.endsWith("end.yaml"));
        fail(BAD_RECORD, 30, Duration.ofMinutes(1));
        assertThat(supervised.events(JobQuarantined.class)).isEmpty();
        assertThat(supervised.launcher.last().cancelled()).isEmpty();
        assertThat(supervised.events(OperationFailed.class))
                .isNotEmpty()
                .allSatisfy(failed -> assertThat(failed.operation()).isEqualTo("QuarantineJob"));
        assertThat(supervision.health().state()).isNotEqualTo(Health.State.GAVE_UP);
        supervised.storage.endOutage();
        time.pass(Duration.ofMinutes(1));
        assertThat(supervised.events(JobQuarantined.class)).hasSize(1);
    }

    private void quarantine() {
        fail(BAD_RECORD, 13, Duration.ofMinutes(1));
        assertThat(poisoned.hasEnded()).isTrue();
    }

    private void fail(String trace, int times, Duration each) {
        for (int i = 0; i < times; i++) {
            supervised.launcher.last().fail(idOf(poisoned), JobFailure.of(time.now(), trace.formatted(i)));
            time.pass(each);
        }
    }

    private void complete(long checkpoint) {
        supervised
                .launcher
                .last()
                .progress(() -> CompletableFuture.completedFuture(
                        new JobProgress(checkpoint, 0, Optional.of(checkpoint), Optional.empty(), Optional.empty())));
        time.pass(Duration.ofSeconds(2));
    }

    private JobStore store() {
        return new JobStore(supervised.storage, supervised.cluster.spec().name());
    }

    private static JobAttempt attemptOf(ClusterJob job) {
        return job.attempt().orElseThrow();
    }

    private static JobID idOf(ClusterJob job) {
        return attemptOf(job).jobId();
    }

    private ClusterJob submitted(String name) {
        return supervised.submitted(name, time);
    }
}
