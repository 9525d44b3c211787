package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.event.ClusterEvent.IncidentClosed;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.internal.SetClock;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobObservation;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody sets the clock that the library reads: nothing is told or counted otherwise for it. */
class ClockJumpTest {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration BACK = Duration.ofHours(-2);
    private static final String BELOW_THE_JOB =
            "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: %d";

    @TempDir
    private Path directory;

    private final ManualTime manual = new ManualTime();
    private final SetClock time = new SetClock(manual);
    private SupervisedCluster supervised;
    private Supervision supervision;
    private JobID job;

    @BeforeEach
    void runAJob() {
        supervised = new SupervisedCluster(directory, time);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        manual.pass(SOON);
        job = supervised.submitted("sums", manual).attempt().orElseThrow().jobId();
        manual.pass(SOON);
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void anIncidentAndAnInterruptionLastAsLongAsTimePasses() {
        loseATaskManager();
        time.setBy(BACK);
        manual.pass(SOON);
        show(JobStatus.RUNNING, 1);
        manual.pass(SOON);
        assertThat(supervised.events(IncidentClosed.class))
                .singleElement()
                .satisfies(closed -> assertThat(closed.took()).isBetween(SOON, SOON.multipliedBy(3)));
        assertThat(supervised.events(JobRunning.class)).last().satisfies(running -> assertThat(
                        running.interruption().orElseThrow())
                .isBetween(SOON, SOON.multipliedBy(3)));
    }

    @Test
    void anInterruptionLongAfterAnIncidentIsAnotherOne() {
        loseATaskManager();
        show(JobStatus.RUNNING, 1);
        manual.pass(SOON);
        time.setBy(BACK);
        manual.pass(Duration.ofMinutes(1));
        show(JobStatus.RESTARTING, 0);
        manual.pass(SOON);
        show(JobStatus.RUNNING, 1);
        manual.pass(SOON);
        assertThat(supervision.incidents()).hasSize(2).noneMatch(Incident::open);
        assertThat(supervised.events(JobRunning.class)).last().satisfies(running -> assertThat(
                        running.interruption().orElseThrow())
                .isLessThan(SOON.multipliedBy(3)));
    }

    @Test
    void aDeathExplainsFailuresForAMinuteOnly() {
        loseATaskManager();
        show(JobStatus.RUNNING, 1);
        manual.pass(SOON);
        time.setBy(BACK);
        manual.pass(JobFailures.DEATH_EXPLAINS);
        for (int i = 0; i < 3; i++) {
            supervised.launcher.last().fail(job, JobFailure.of(time.now(), BELOW_THE_JOB.formatted(i)));
            manual.pass(SOON);
        }
        assertThat(supervision.health().reason()).contains("has failed 3 times in a row");
    }

    private void loseATaskManager() {
        supervised.launcher.last().die(2, time.now());
        show(JobStatus.RESTARTING, 0);
        manual.pass(SOON);
    }

    private void show(JobStatus status, int running) {
        supervised.launcher.last().show(new JobObservation(job, "sums", status, 1, running, 0));
    }
}
