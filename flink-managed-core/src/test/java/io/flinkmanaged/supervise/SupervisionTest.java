package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.ScriptedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.storage.CheckpointFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private Supervision supervision;

    @BeforeEach
    void supervise() {
        supervised = new SupervisedCluster(directory, time);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void beginsTheFirstEpochByItself() {
        time.pass(SOON);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(supervised.events(EpochStarted.class))
                .extracting(EpochStarted::epoch)
                .containsExactly(1L);
    }

    @Test
    void replacesADeadTaskManagerAndNoOther() {
        time.pass(SOON);
        ScriptedCluster epoch = supervised.launcher.last();
        epoch.die(2, time.now());
        epoch.announceChange();
        time.runBlocking();
        assertThat(epoch.replaced()).containsExactly(new NodeId(2));
        time.pass(Duration.ofMinutes(10));
        assertThat(epoch.replaced()).hasSize(1);
        assertThat(supervised.launcher.attempts()).isEqualTo(1);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void continuesJobsInANewEpochFromTheirNewestCheckpoint() {
        time.pass(SOON);
        JobAttempt first = submitted("delays").attempt().orElseThrow();
        Path checkpoint = CheckpointFiles.write(
                directory.resolve(
                        "state/flights/jobs/delays/epoch-1-attempt-1/checkpoints/" + first.jobId() + "/chk-7"),
                7);
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(SOON);
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
        assertThat(supervised.launcher.last().submissions()).singleElement().satisfies(submission -> {
            assertThat(submission.recoveryPoint()).contains("file://" + checkpoint);
            assertThat(submission.jobId()).isNotEqualTo(first.jobId());
        });
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void tellsWhatIsLeftOfADeadEpochAndBeginsTheNextOneAllTheSame() {
        time.pass(SOON);
        ScriptedCluster first = supervised.launcher.last();
        first.confirmEnd(new StopConfirmation(true, "files in /nodes/epoch-1: not all deleted"));
        first.become(Liveness.DEAD, "killed by a test");
        time.pass(SOON);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
        assertThat(supervised.events(OperationFailed.class)).singleElement().satisfies(told -> assertThat(told.text())
                .isEqualTo("cleaning up after epoch-1 failed: files in /nodes/epoch-1: not all deleted"));
    }

    @Test
    void outlastsAnOutageOfTheStorageThatNothingOfTheClusterSurvived() {
        time.pass(SOON);
        supervised.storage.outage(path -> true);
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(Duration.ofHours(3));
        assertThat(supervision.health().state()).isEqualTo(Health.State.RECOVERING);
        assertThat(supervision.health().reason()).contains("; a new epoch begins when the state storage answers: ");
        assertThat(supervised.events(OperationFailed.class)).hasSizeLessThan(10);
        supervised.storage.endOutage();
        time.pass(StorageProbe.PAUSE.plus(SOON));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
    }

    /** Another operation was in the lane before it, and what it saw is of the epoch before. */
    @Test
    void leavesAnEpochAloneThatAnotherOperationHasBegunMeanwhile() {
        time.pass(SOON);
        ScriptedCluster first = supervised.launcher.last();
        AtomicBoolean begun = new AtomicBoolean();
        first.afterObserving(() -> {
            if (begun.compareAndSet(false, true)) {
                CompletableFuture<Boolean> unused = supervised.cluster.lane().run(() -> {
                    supervised.cluster.beginEpoch();
                    return true;
                });
            }
        });
        first.become(Liveness.DEAD, "killed by a test");
        first.announceChange();
        time.pass(Duration.ofMinutes(1));
        assertThat(supervised.events(EpochStarted.class))
                .extracting(EpochStarted::epoch)
                .containsExactly(1L, 2L);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void doesNothingToAClusterThatOnlyDoesNotAnswer() {
        time.pass(SOON);
        ScriptedCluster epoch = supervised.launcher.last();
        epoch.die(2, time.now());
        epoch.become(Liveness.UNKNOWN, "a time-out");
        time.pass(Duration.ofMinutes(20));
        assertThat(supervision.health()).isEqualTo(new Health(Health.State.UNKNOWN, "it does not answer: a time-out"));
        assertThat(epoch.replaced()).isEmpty();
        assertThat(supervised.launcher.attempts()).isEqualTo(1);
        epoch.become(Liveness.ANSWERS, "");
        time.pass(SOON);
        assertThat(epoch.replaced()).containsExactly(new NodeId(2));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void survivesAnOutageOfMinutes() {
        time.pass(SOON);
        supervised.launcher.fail(Optional.of("no memory"));
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(Duration.ofMinutes(3));
        assertThat(supervision.health().state()).isEqualTo(Health.State.RECOVERING);
        assertThat(supervised.launcher.attempts()).isBetween(5, 25);
        supervised.launcher.fail(Optional.empty());
        time.pass(Duration.ofMinutes(1));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(supervised.events(OperationFailed.class))
                .allSatisfy(failed -> assertThat(failed.reason()).contains("no memory"));
    }

    @Test
    void givesUpInTheEndAndTellsWhoeverWaits() {
        time.pass(SOON);
        ClusterJob job = submitted("delays");
        supervised.launcher.fail(Optional.of("no memory"));
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(Duration.ofMinutes(12));
        assertThat(supervision.health().state()).isEqualTo(Health.State.GAVE_UP);
        int attempts = supervised.launcher.attempts();
        time.pass(Duration.ofMinutes(10));
        assertThat(supervised.launcher.attempts()).isEqualTo(attempts);
        assertThat(job.whenEnded())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(ManagedFlinkException.class)
                .withMessageContaining("given up");
    }

    @Test
    void beginsNothingAfterItsEnd() {
        time.pass(SOON);
        supervision.end("a test is over");
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        supervision.lookNow();
        time.pass(Duration.ofMinutes(5));
        assertThat(supervised.launcher.attempts()).isEqualTo(1);
        assertThat(supervision.health()).isEqualTo(new Health(Health.State.STOPPED, "a test is over"));
        assertThat(time.waiting()).isZero();
    }

    @Test
    void tellsEachChangeOfHealthOnce() {
        time.pass(SOON);
        supervised.launcher.last().become(Liveness.UNKNOWN, "a time-out");
        time.pass(Duration.ofMinutes(1));
        supervised.launcher.last().become(Liveness.ANSWERS, "");
        time.pass(Duration.ofMinutes(1));
        assertThat(supervised.events(HealthChanged.class))
                .extracting(HealthChanged::health)
                .containsExactly("HEALTHY", "UNKNOWN", "HEALTHY");
    }

    @Test
    void goesOnAfterAPolicyThatFailed() {
        FailoverPolicy moody = new FailoverPolicy() {
            private int asked;

            @Override
            public Decision decide(Situation situation) {
                if (asked++ < 3) {
                    throw new IllegalStateException("moody");
                }
                return FailoverPolicy.standard().decide(situation);
            }
        };
        Supervision other =
                new Supervisor(time, moody, time.blocking(), supervised.events::add).supervise(supervised.cluster);
        supervision.end("another one does it");
        time.pass(Duration.ofMinutes(1));
        assertThat(other.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    /**
     * A look that began before a replacement had ended may come back after it: it saw the dead TaskManager, and must not
     * have the new one replaced.
     */
    @Test
    void doesNotActOnALookThatIsOlderThanItsLastAction() throws Exception {
        ExecutorService loop = Executors.newSingleThreadExecutor();
        try (SystemTimeSource real = new SystemTimeSource();
                SupervisedCluster concurrent = new SupervisedCluster(directory.resolve("concurrent"), real)) {
            CountDownLatch sawTheDead = new CountDownLatch(1);
            CountDownLatch replacementIsOver = new CountDownLatch(1);
            concurrent.cluster.beginEpoch();
            ScriptedCluster epoch = concurrent.launcher.last();
            epoch.die(2, real.now());
            epoch.whileReplacing(() -> {
                epoch.afterObserving(() -> {
                    epoch.afterObserving(() -> {});
                    sawTheDead.countDown();
                    await(replacementIsOver);
                });
                epoch.announceChange();
                await(sawTheDead);
            });
            Supervision racing = new Supervisor(real, FailoverPolicy.standard(), loop, concurrent.events::add)
                    .supervise(concurrent.cluster);
            await(sawTheDead);
            epoch.whileReplacing(() -> {});
            // Behind the replacement in the lane, and then behind the note of it in the loop.
            CompletableFuture<Boolean> lane = concurrent.cluster.lane().run(() -> true);
            assertThat(lane).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
            loop.submit(() -> true).get(10, TimeUnit.SECONDS);
            replacementIsOver.countDown();
            awaitHealthy(racing, loop);
            assertThat(epoch.replaced()).containsExactly(new NodeId(2));
            racing.end("the test is over");
        } finally {
            loop.shutdown();
            assertThat(loop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void isRefusedWorkByAClusterThatIsClosed() {
        time.pass(SOON);
        supervised.cluster.close();
        time.pass(Duration.ofMinutes(5));
        assertThat(supervised.launcher.attempts()).isEqualTo(1);
        assertThatThrownBy(() -> supervised.cluster.beginEpoch()).isInstanceOf(ManagedFlinkException.class);
    }

    private ClusterJob submitted(String name) {
        CompletableFuture<ClusterJob> submission = supervised.submit(name);
        time.runBlocking();
        return submission.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not within 30 seconds");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitHealthy(Supervision racing, ExecutorService loop) throws Exception {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> racing.health().state() == Health.State.HEALTHY);
        loop.submit(() -> true).get(10, TimeUnit.SECONDS);
    }
}
