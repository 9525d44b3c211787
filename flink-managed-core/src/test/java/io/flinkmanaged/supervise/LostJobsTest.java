package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobNotRecovered;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.SystemTimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a lost epoch are continued each on its own account, while their cluster answers. */
class LostJobsTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private Supervision supervision;
    private ClusterJob sound;
    private ClusterJob broken;

    @BeforeEach
    void runTwoJobs() {
        supervised = new SupervisedCluster(directory, time);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(SOON);
        broken = submitted("broken");
        sound = submitted("sound");
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void takesThemInTheOrderOfTheirPriorities() {
        CompletableFuture<ClusterJob> late = supervised.submit("a-report", new JobPriority(-5));
        CompletableFuture<ClusterJob> early = supervised.submit("z-payments", new JobPriority(10));
        time.pass(SOON);
        assertThat(late).isCompleted();
        assertThat(early).isCompleted();
        loseTheEpoch();
        time.pass(SOON);
        assertThat(supervised.launcher.last().submissions())
                .extracting(submission -> submission.name().value())
                .containsExactly("z-payments", "broken", "sound", "a-report");
    }

    @Test
    void givesUpTheOneThatFlinkKeepsRefusingAndNoOther() {
        refuseTheBroken();
        loseTheEpoch();
        time.pass(SOON);
        assertThat(submissionsOf("sound")).hasSize(1);
        assertHealth(Health.State.DEGRADED, "tried again: [broken]");

        time.pass(Duration.ofMinutes(12));
        assertHealth(Health.State.DEGRADED, "could not be continued: [broken]");
        assertThat(supervised.events(JobNotRecovered.class)).singleElement().satisfies(event -> {
            assertThat(event.job()).isEqualTo("broken");
            assertThat(event.reason()).contains("given up after 28 refusals", "no such class", "submit it again");
        });
        assertThat(broken.whenEnded()).isCompletedWithValueMatching(end -> end.status() == JobStatus.FAILED);
        assertThat(broken.whenEnded().join().cause())
                .get()
                .isInstanceOfSatisfying(ManagedFlinkException.class, cause -> assertThat(cause.code())
                        .isEqualTo(Code.JOB_FAILED))
                .asString()
                .contains("given up after 28 refusals", "no such class");
        assertThat(broken.whenResult()).isCompletedExceptionally();
        assertThat(sound.hasEnded()).isFalse();
        assertThat(submissionsOf("sound")).hasSize(1);
        // Flink never takes an id again that it has refused once.
        assertThat(submissionsOf("broken"))
                .hasSize(28)
                .extracting(JobSubmission::jobId)
                .doesNotHaveDuplicates();
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
    }

    @Test
    void tellsItsHealthOnceHoweverOftenItTries() {
        refuseTheBroken();
        int before = supervised.events(HealthChanged.class).size();
        loseTheEpoch();
        time.pass(Duration.ofMinutes(12));
        assertThat(supervised.events(HealthChanged.class).subList(before, before + 2))
                .extracting(HealthChanged::health)
                .containsExactly("RECOVERING", "DEGRADED");
        assertThat(supervised.events(HealthChanged.class)).hasSize(before + 2);
    }

    @Test
    void continuesAJobThatFlinkRefusedForMinutes() {
        refuseTheBroken();
        loseTheEpoch();
        time.pass(Duration.ofMinutes(4));
        supervised.launcher.answer(Map.of());
        time.pass(Duration.ofSeconds(30));
        assertHealth(Health.State.HEALTHY, "");
        assertThat(broken.hasEnded()).isFalse();
    }

    /** What an epoch refused, the next one may take. */
    @Test
    void triesARefusedJobAtOnceInTheNextEpoch() {
        refuseTheBroken();
        loseTheEpoch();
        time.pass(Duration.ofMinutes(4));
        supervised.launcher.answer(Map.of());
        loseTheEpoch();
        time.pass(SOON);
        assertHealth(Health.State.HEALTHY, "");
    }

    @Test
    void runsAgainWhenItIsSubmittedAnewAfterItWasGivenUp() {
        refuseTheBroken();
        loseTheEpoch();
        time.pass(Duration.ofMinutes(12));
        supervised.launcher.answer(Map.of());
        assertThat(submitted("broken").attempt().orElseThrow().id()).hasToString("epoch-2-attempt-29");
        time.pass(SOON);
        assertHealth(Health.State.HEALTHY, "");
    }

    /** An answer that is lost says nothing of the job. */
    @Test
    void givesUpNoJobBecauseItsSubmissionIsNotAnswered() {
        supervised.launcher.answer(
                Map.of("broken", () -> CompletableFuture.failedFuture(new TimeoutException("no answer"))));
        loseTheEpoch();
        time.pass(Duration.ofHours(1));
        assertHealth(Health.State.DEGRADED, "tried again: [broken]");
        assertThat(submissionsOf("sound")).hasSize(1);
        assertThat(supervised.events(OperationFailed.class)).allSatisfy(failed -> {
            assertThat(failed.operation()).isEqualTo("continuing job \"broken\"");
            assertThat(failed.reason()).contains("not known whether cluster flights took it", "no answer");
        });
        supervised.launcher.answer(Map.of());
        time.pass(Duration.ofSeconds(30));
        assertHealth(Health.State.HEALTHY, "");
    }

    @Test
    void givesUpNothingWhileTheStorageIsAway() {
        supervised.storage.outage(path -> path.startsWith("flights/jobs"));
        loseTheEpoch();
        time.pass(Duration.ofHours(1));
        assertHealth(Health.State.DEGRADED, "tried again: [broken, sound]");
        supervised.storage.endOutage();
        time.pass(Duration.ofSeconds(30));
        assertHealth(Health.State.HEALTHY, "");
        assertThat(List.of(broken, sound)).noneMatch(ClusterJob::hasEnded);
        assertThat(supervised.launcher.attempts()).isEqualTo(2);
    }

    @Test
    void startsNothingFromAStorageThatForgotTheJobs() throws Exception {
        Path jobs = directory.resolve("state/flights/jobs");
        Path away = directory.resolve("away");
        Files.move(jobs, away);
        loseTheEpoch();
        time.pass(Duration.ofMinutes(3));
        assertHealth(Health.State.DEGRADED, "tried again: [broken, sound]");
        assertThat(supervised.launcher.last().submissions()).isEmpty();
        assertThat(supervised.events(OperationFailed.class)).allSatisfy(failed -> assertThat(failed.reason())
                .contains("is none (expected: epoch-1-attempt-1, begun by this process)", "not mounted"));
        Files.move(away, jobs);
        time.pass(Duration.ofSeconds(30));
        assertHealth(Health.State.HEALTHY, "");
    }

    @Test
    void beginsNoEpochInAStorageThatForgotTheFormer() throws Exception {
        Path cluster = directory.resolve("state/flights");
        Path away = directory.resolve("away");
        Files.move(cluster, away);
        loseTheEpoch();
        time.pass(Duration.ofMinutes(3));
        assertThat(supervised.launcher.attempts()).isEqualTo(1);
        Directories.deleteTree(cluster);
        Files.move(away, cluster);
        time.pass(Duration.ofSeconds(30));
        assertHealth(Health.State.HEALTHY, "");
        assertThat(supervised.launcher.last().submissions()).hasSize(2);
    }

    @Test
    void givesUpAJobWhoseCheckpointsVanishedInsteadOfStartingItEmpty() {
        supervised
                .launcher
                .last()
                .progress(() -> CompletableFuture.completedFuture(
                        new JobProgress(1, 0, Optional.of(1L), Optional.empty(), Optional.empty())));
        time.pass(SOON);
        loseTheEpoch();
        time.pass(SOON);
        assertThat(supervised.launcher.last().submissions()).isEmpty();
        assertThat(supervised.events(JobNotRecovered.class)).hasSize(2).allSatisfy(event -> assertThat(event.reason())
                .contains("every checkpoint", "is gone"));
        assertHealth(Health.State.DEGRADED, "could not be continued: [broken, sound]");
    }

    @Test
    void notesAFirstCheckpointEvenIfTheStorageTakesTheNoteLate() {
        supervised.storage.outage(path -> path.endsWith("checkpointed.yaml"));
        supervised
                .launcher
                .last()
                .progress(() -> CompletableFuture.completedFuture(
                        new JobProgress(1, 0, Optional.of(1L), Optional.empty(), Optional.empty())));
        time.pass(Duration.ofMinutes(10));
        supervised.storage.endOutage();
        time.pass(Duration.ofMinutes(1));
        assertThat(directory.resolve("state/flights/jobs/sound/epoch-1-attempt-1/checkpointed.yaml"))
                .exists();
    }

    @Test
    void areNotSubmittedByAnInstanceThatHasLostItsLease() {
        loseTheEpoch();
        supervised.launcher.answer(
                Map.of("broken", () -> CompletableFuture.failedFuture(new TimeoutException("no answer"))));
        time.pass(SOON);
        supervised.mayAct = () -> {
            throw new JournalException(Code.CONFLICT, "journal lease: another instance took over.", null);
        };
        int before = supervised.launcher.last().submissions().size();
        time.pass(Duration.ofMinutes(20));
        assertThat(supervised.launcher.last().submissions()).hasSize(before);
        CompletableFuture<ClusterJob> another = supervised.submit("another");
        time.runBlocking();
        assertThat(another)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("another instance took over");
        assertThat(supervision.health().state()).isNotEqualTo(Health.State.GAVE_UP);
        assertThat(supervised.events(OperationFailed.class))
                .filteredOn(failed -> failed.operation().equals("RecoverJobs"))
                .hasSizeBetween(50, 80);
    }

    /** Flink may leave a submission unanswered for minutes; whoever closes does not wait for that. */
    @Test
    void keepNobodyFromClosingTheCluster() throws Exception {
        try (SystemTimeSource real = new SystemTimeSource();
                SupervisedCluster closing = new SupervisedCluster(directory.resolve("closing"), real)) {
            CompletableFuture<Void> noAnswer = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            closing.cluster.beginEpoch();
            for (String job : List.of("a", "b", "c")) {
                assertThat(closing.submit(job)).succeedsWithin(Duration.ofSeconds(10));
            }
            closing.launcher.answer(Map.of("a", () -> {
                asked.countDown();
                return noAnswer;
            }));
            closing.launcher.last().become(Liveness.DEAD, "killed by a test");
            CompletableFuture<Boolean> recovery = closing.cluster.lane().run(() -> {
                closing.cluster.beginEpoch();
                closing.cluster.jobs().recover(closing.cluster.requireCurrent());
                return true;
            });
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            closing.cluster.refuseNewWork();
            CompletableFuture<Boolean> closed = closing.cluster.lane().run(() -> {
                closing.cluster.close();
                return true;
            });
            assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
            assertThat(recovery).isDone();
            assertThat(closing.launcher.last().submissions())
                    .extracting(submission -> submission.name().value())
                    .containsExactly("a");
        }
    }

    private void refuseTheBroken() {
        supervised.launcher.answer(Map.of(
                "broken",
                () -> CompletableFuture.failedFuture(new JobRefusedException(
                        "job \"broken\": refused (expected: accepted). Flink says: no such class",
                        new ClassNotFoundException("no such class")))));
    }

    private void loseTheEpoch() {
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
    }

    private List<JobSubmission> submissionsOf(String job) {
        return supervised.launcher.last().submissions().stream()
                .filter(submission -> submission.name().value().equals(job))
                .toList();
    }

    private void assertHealth(Health.State state, String reason) {
        assertThat(supervision.health().state()).isEqualTo(state);
        assertThat(supervision.health().reason()).contains(reason);
    }

    private ClusterJob submitted(String name) {
        CompletableFuture<ClusterJob> submission = supervised.submit(name);
        time.runBlocking();
        return submission.join();
    }
}
