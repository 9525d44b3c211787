package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job whose checkpoints fail runs on, and its cluster says so. */
class CheckpointAgesTest {

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private Supervision supervision;

    @BeforeEach
    void runAJob() {
        supervised = new SupervisedCluster(directory, time);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(Duration.ofSeconds(2));
        CompletableFuture<ClusterJob> submission = supervised.submit("delays");
        time.runBlocking();
        JobID jobId = submission.join().attempt().orElseThrow().jobId();
        supervised.launcher.last().show(new JobObservation(jobId, "delays", JobStatus.RUNNING, 1, 1, 0));
        time.pass(Duration.ofSeconds(2));
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void tellsOfCheckpointsThatFailForMinutesAndForgetsItWithTheNext() {
        progress(7, 0);
        time.pass(Duration.ofMinutes(1));
        progress(7, 40);
        time.pass(Duration.ofMinutes(3));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        time.pass(Duration.ofMinutes(2));
        assertThat(supervision.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(supervision.health().reason())
                .contains("\"delays\" has completed no checkpoint for", "40 have failed since", "state storage");
        progress(8, 40);
        time.pass(Duration.ofSeconds(30));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void leavesItToAJobHowOftenItWantsOne() {
        progress(7, 0);
        time.pass(Duration.ofHours(3));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void saysNothingOfAJobWithoutCheckpoints() {
        supervised.launcher.last().progress(() -> CompletableFuture.completedFuture(JobProgress.NONE));
        time.pass(Duration.ofHours(3));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    @Test
    void waitsForNoAnswer() {
        supervised.launcher.last().progress(CompletableFuture::new);
        time.pass(Duration.ofHours(1));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
    }

    /** Another JobManager counts from zero. */
    @Test
    void countsOnlyWhatFailedSince() {
        progress(7, 100);
        time.pass(Duration.ofMinutes(1));
        progress(7, 2);
        time.pass(Duration.ofMinutes(20));
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        progress(7, 6);
        time.pass(Duration.ofMinutes(1));
        assertThat(supervision.health().reason()).contains("and 4 have failed since");
    }

    private void progress(long completed, long failed) {
        supervised
                .launcher
                .last()
                .progress(() -> CompletableFuture.completedFuture(new JobProgress(
                        completed, failed, Optional.of(completed), Optional.empty(), Optional.empty())));
    }
}
