package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent.CertificateEnding;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.UnmanagedJobSeen;
import io.flinkmanaged.internal.ForwardingTime;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.ScriptedCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterWatchTest {

    private static final JobID FOREIGN = new JobID(1, 2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private ScriptedCluster epoch;
    private ClusterWatch watch;

    @BeforeEach
    void beginAnEpoch() {
        supervised = new SupervisedCluster(directory, time);
        supervised.cluster.beginEpoch();
        epoch = supervised.launcher.last();
        watch = new ClusterWatch(supervised.cluster, time, supervised.events::add);
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void tellsOfADeathOnceAndWhenItWas() {
        Instant died = time.now();
        epoch.die(2, died);
        time.pass(Duration.ofMillis(30));
        look(5);
        assertThat(supervised.events(TaskManagerLost.class)).singleElement().satisfies(lost -> {
            assertThat(lost.node()).isEqualTo(2);
            assertThat(lost.diedAt()).isEqualTo(died);
            assertThat(lost.detectedAfter()).isEqualTo(Duration.ofMillis(30));
            assertThat(lost.cause()).isEqualTo("killed by a test");
        });
    }

    @Test
    void tellsOfEveryDeathOfANode() {
        for (int death = 0; death < 3; death++) {
            epoch.die(2, time.now());
            look(2);
            supervised.cluster.replaceTaskManager(epoch.taskManagers().get(1).node());
            look(2);
        }
        assertThat(supervised.events(TaskManagerLost.class))
                .hasSize(3)
                .extracting(TaskManagerLost::resourceId)
                .doesNotHaveDuplicates();
    }

    @Test
    void tellsOnceThatACertificateEnds() {
        Instant until = time.now().plus(Duration.ofDays(100));
        epoch.age(1, until);
        look(3);
        assertThat(supervised.events(CertificateEnding.class)).singleElement().satisfies(ending -> {
            assertThat(ending.until()).isEqualTo(until);
            assertThat(ending.text())
                    .startsWith("certificate of jobmanager of node 1: ends on " + until)
                    .contains("certificates().renew() before");
        });
    }

    @Test
    void tellsOnceThatAJobRuns() {
        ClusterJob job = submitted("delays");
        look(3);
        assertThat(supervised.events(JobRunning.class)).singleElement().satisfies(running -> {
            assertThat(running.job()).isEqualTo("delays");
            assertThat(running.jobId())
                    .isEqualTo(job.attempt().orElseThrow().jobId().toHexString());
            assertThat(running.interruption()).isEmpty();
            assertThat(running.restoredCheckpoint()).contains(42L);
        });
        assertThat(supervised.events(UnmanagedJobSeen.class)).isEmpty();
    }

    @Test
    void isNotSettledWhileAJobComesUp() {
        JobID jobId = submitted("delays").attempt().orElseThrow().jobId();
        epoch.show(new JobObservation(jobId, "delays", JobStatus.CREATED, 0, 0, 0));
        assertThat(look().settled()).isFalse();
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 4, 3, 0));
        assertThat(look().settled()).isFalse();
        assertThat(supervised.events(JobRunning.class)).isEmpty();
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 4, 4, 0));
        assertThat(look().settled()).isTrue();
        assertThat(supervised.events(JobRunning.class)).hasSize(1);
    }

    @Test
    void measuresAnInterruptionFromTheDeathThatCausedIt() {
        JobID jobId = submitted("delays").attempt().orElseThrow().jobId();
        look(1);
        time.pass(Duration.ofMillis(400));
        epoch.die(1, time.now());
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RESTARTING, 1, 0, 0));
        time.pass(Duration.ofMillis(20));
        look(1);
        time.pass(Duration.ofMillis(80));
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 1, 1, 1));
        look(2);
        assertThat(supervised.events(JobInterrupted.class))
                .singleElement()
                .extracting(JobInterrupted::status)
                .isEqualTo("RESTARTING");
        assertThat(supervised.events(JobRunning.class))
                .extracting(JobRunning::interruption)
                .containsExactly(Optional.empty(), Optional.of(Duration.ofMillis(100)));
    }

    @Test
    void noticesAnInterruptionThatWasOverBeforeTheNextLook() {
        JobID jobId = submitted("delays").attempt().orElseThrow().jobId();
        look(1);
        time.pass(Duration.ofMillis(500));
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 1, 1, 1));
        look(1);
        assertThat(supervised.events(JobInterrupted.class)).hasSize(1);
        assertThat(supervised.events(JobRunning.class)).hasSize(2);
    }

    /** As after a kill in the first milliseconds of a job: no look saw it run, and yet it ran. */
    @Test
    void noticesAnInterruptionBeforeTheFirstLook() {
        look(1);
        JobID jobId = submitted("delays").attempt().orElseThrow().jobId();
        time.pass(Duration.ofMillis(400));
        epoch.die(1, time.now());
        time.pass(Duration.ofMillis(90));
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 1, 1, 1));
        look(2);
        assertThat(supervised.events(JobInterrupted.class)).hasSize(1);
        assertThat(supervised.events(JobRunning.class))
                .extracting(JobRunning::interruption)
                .containsExactly(Optional.of(Duration.ofMillis(90)));
    }

    @Test
    void measuresAnInterruptionFromTheLookBeforeItWithoutADeath() {
        look(1);
        time.pass(Duration.ofMillis(300));
        JobID jobId = submitted("delays").attempt().orElseThrow().jobId();
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RESTARTING, 1, 0, 1));
        look(1);
        time.pass(Duration.ofMillis(50));
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 1, 1, 1));
        look(1);
        assertThat(supervised.events(JobInterrupted.class)).hasSize(1);
        assertThat(supervised.events(JobRunning.class))
                .extracting(JobRunning::interruption)
                .containsExactly(Optional.of(Duration.ofMillis(350)));
    }

    @Test
    void countsRestartsDuringAnInterruptionAsOneInterruption() {
        JobID jobId = submitted("delays").attempt().orElseThrow().jobId();
        look(1);
        for (int restarts = 1; restarts <= 3; restarts++) {
            time.pass(Duration.ofMillis(100));
            epoch.show(new JobObservation(jobId, "delays", JobStatus.RESTARTING, 1, 0, restarts));
            look(1);
        }
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 1, 1, 3));
        look(2);
        assertThat(supervised.events(JobInterrupted.class)).hasSize(1);
        assertThat(supervised.events(JobRunning.class))
                .extracting(JobRunning::interruption)
                .containsExactly(Optional.empty(), Optional.of(Duration.ofMillis(300)));
    }

    /** A death after a look had begun is news to it, even if the job was still seen to run. */
    @Test
    void measuresFromADeathInTheMiddleOfALook() {
        JobID jobId = submitted("delays").attempt().orElseThrow().jobId();
        epoch.afterObserving(() -> {
            time.pass(Duration.ofMillis(10));
            epoch.die(1, time.now());
            time.pass(Duration.ofMillis(10));
        });
        look(1);
        epoch.afterObserving(() -> {});
        time.pass(Duration.ofMillis(80));
        epoch.show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 1, 1, 1));
        look(1);
        assertThat(supervised.events(JobRunning.class))
                .last()
                .extracting(JobRunning::interruption)
                .isEqualTo(Optional.of(Duration.ofMillis(90)));
    }

    @Test
    void tellsOnceOfAJobThatSomebodyElseSubmitted() {
        epoch.show(new JobObservation(FOREIGN, "from the command line", JobStatus.RUNNING, 1, 1, 0));
        look(3);
        assertThat(supervised.events(UnmanagedJobSeen.class))
                .singleElement()
                .extracting(UnmanagedJobSeen::job)
                .isEqualTo("from the command line");
    }

    @Test
    void tellsNothingOfJobsThatHaveEnded() {
        epoch.show(new JobObservation(FOREIGN, "old", JobStatus.FINISHED, 1, 1, 0));
        assertThat(look().settled()).isTrue();
        assertThat(supervised.events(UnmanagedJobSeen.class)).isEmpty();
        assertThat(supervised.events(JobRunning.class)).isEmpty();
    }

    /** One lost answer is no news: what was told before is not told again. */
    @Test
    void repeatsNothingAfterALookThatWasNotAnswered() {
        JobObservation running = new JobObservation(FOREIGN, "from the command line", JobStatus.RUNNING, 1, 1, 0);
        epoch.show(running);
        submitted("delays");
        look(2);
        int before = supervised.events.size();
        epoch.become(Liveness.UNKNOWN, "a time-out");
        look(1);
        epoch.become(Liveness.ANSWERS, "");
        look(2);
        assertThat(supervised.events).hasSize(before);
    }

    /** A leader that hangs after it has listed its jobs. */
    @Test
    void waitsForAllJobsTogetherAsLongAsForOne() {
        for (int job = 0; job < 100; job++) {
            submitted("job-" + job);
        }
        epoch.progress(CompletableFuture::new);
        watch = new ClusterWatch(supervised.cluster, new PassingTime(time), supervised.events::add);
        long began = time.ticks();
        look(1);
        assertThat(Duration.ofNanos(time.ticks() - began)).isEqualTo(JobQuestions.ANSWER_WITHIN);
        assertThat(supervised.events(JobRunning.class)).hasSize(100);
    }

    @Test
    void knowsOfTheOthersIfOneJobDoesNotAnswer() {
        for (int job = 0; job < 5; job++) {
            submitted("job-" + job);
        }
        AtomicInteger asked = new AtomicInteger();
        epoch.progress(() -> asked.getAndIncrement() == 0
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(
                        new JobProgress(0, 0, Optional.empty(), Optional.of(42L), Optional.empty())));
        watch = new ClusterWatch(supervised.cluster, new PassingTime(time), supervised.events::add);
        look(1);
        assertThat(supervised.events(JobRunning.class))
                .extracting(JobRunning::restoredCheckpoint)
                .containsExactlyInAnyOrder(
                        Optional.empty(), Optional.of(42L), Optional.of(42L), Optional.of(42L), Optional.of(42L));
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            ClusterWatch.Look unused = look();
        }
    }

    private ClusterWatch.Look look() {
        CompletableFuture<ClusterWatch.Look> look = watch.look(Map.of());
        time.runBlocking();
        return look.join();
    }

    private ClusterJob submitted(String name) {
        var submission = supervised.submit(name);
        time.runBlocking();
        return submission.join();
    }

    /** Time that passes while somebody waits. */
    private static final class PassingTime extends ForwardingTime {

        private final ManualTime time;

        PassingTime(ManualTime time) {
            super(time);
            this.time = time;
        }

        @Override
        public boolean await(CompletableFuture<?> future, Duration atMost) {
            if (!future.isDone()) {
                time.pass(atMost);
            }
            return future.isDone();
        }
    }
}
