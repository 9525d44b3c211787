package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.IncidentClosed;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentsTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private Supervision supervision;
    private JobID job;

    @BeforeEach
    void runAJob() {
        supervised = new SupervisedCluster(directory, time);
        supervision = new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add)
                .supervise(supervised.cluster);
        time.pass(SOON);
        CompletableFuture<ClusterJob> submission = supervised.submit("sums");
        time.runBlocking();
        job = submission.join().attempt().orElseThrow().jobId();
        time.pass(SOON);
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void theFirstStartIsNone() {
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(supervision.incidents()).isEmpty();
    }

    @Test
    void tellWhatALostTaskManagerLedTo() {
        Instant died = time.now();
        time.pass(Duration.ofMillis(100));
        supervised.launcher.last().die(2, died);
        show(JobStatus.RESTARTING, 0);
        time.pass(SOON);
        Incident open = supervision.incidents().get(0);
        assertThat(open.open()).isTrue();
        assertThat(open.root()).isInstanceOf(TaskManagerLost.class);
        assertThat(open.timeline().died()).contains(died);
        assertThat(open.timeline().detected()).isAfter(died);
        assertThat(open.timeline().decided()).isPresent();
        assertThat(open.timeline().acted()).isPresent();
        assertThat(open.timeline().running()).isEmpty();
        assertThat(open.consequences()).hasAtLeastOneElementOfType(JobInterrupted.class);

        complete(Optional.of(7L), Optional.of(7L), died.minusMillis(300));
        show(JobStatus.RUNNING, 1);
        time.pass(SOON);
        Incident closed = supervision.incidents().get(0);
        assertThat(closed.open()).isFalse();
        assertThat(closed.timeline().running()).isPresent();
        assertThat(closed.timeline().caughtUp()).isEmpty();
        assertThat(closed.reprocessed()).singleElement().satisfies(twice -> {
            assertThat(twice.job()).isEqualTo("sums");
            assertThat(twice.restoredCheckpoint()).contains(7L);
            assertThat(twice.span()).contains(Duration.ofMillis(300));
        });
        assertThat(supervised.events(IncidentClosed.class)).singleElement().satisfies(event -> assertThat(event.cause())
                .contains("TaskManager of node 2 lost"));

        complete(Optional.of(8L), Optional.of(7L), time.now());
        time.pass(SOON);
        assertThat(supervision.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.timeline().caughtUp()).isPresent();
            assertThat(incident.toString().lines())
                    .anyMatch(line -> line.startsWith("incident 1 of cluster flights, closed: TaskManager of node 2"))
                    .anyMatch(line -> line.endsWith("died, +0 ms"))
                    .anyMatch(line -> line.contains("caught up, +"))
                    .anyMatch(line -> line.contains("went on from checkpoint 7, 300 ms were processed again"));
        });
        assertThat(closed.timeline().caughtUp()).as("a snapshot").isEmpty();
    }

    @Test
    void tellANewEpoch() {
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(SOON);
        assertThat(supervision.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.open()).isFalse();
            assertThat(incident.cause()).contains("killed by a test");
            assertThat(incident.timeline().died()).isEmpty();
            assertThat(incident.timeline().acted()).isPresent();
        });
    }

    /** Flink notices the death of a TaskManager later than its witness, here after the next one is there. */
    @Test
    void takeALateInterruptionForAConsequence() {
        supervised.launcher.last().die(2, time.now());
        time.pass(Duration.ofSeconds(3));
        assertThat(supervision.incidents()).singleElement().satisfies(one -> assertThat(one.open())
                .isFalse());
        show(JobStatus.RESTARTING, 0);
        time.pass(Duration.ofMillis(600));
        assertThat(supervision.incidents()).singleElement().satisfies(one -> assertThat(one.open())
                .isTrue());
        show(JobStatus.RUNNING, 1);
        time.pass(SOON);
        assertThat(supervision.incidents()).singleElement().satisfies(one -> assertThat(one.open())
                .isFalse());
    }

    @Test
    void areNoMoreThanAHundred() {
        for (int i = 0; i < Incidents.KEPT + 5; i++) {
            show(JobStatus.RESTARTING, 0);
            time.pass(SOON);
            show(JobStatus.RUNNING, 1);
            time.pass(SOON);
        }
        assertThat(supervision.incidents())
                .hasSize(Incidents.KEPT)
                .noneMatch(Incident::open)
                .extracting(Incident::number)
                .startsWith(Incidents.KEPT + 5L)
                .endsWith(6L);
        assertThat(supervision.incidents().get(0).root()).isInstanceOf(ClusterEvent.JobInterrupted.class);
    }

    private void show(JobStatus status, int running) {
        supervised.launcher.last().show(new JobObservation(job, "sums", status, 1, running, 0));
    }

    private void complete(Optional<Long> latest, Optional<Long> restored, Instant at) {
        supervised
                .launcher
                .last()
                .progress(() -> CompletableFuture.completedFuture(
                        new JobProgress(latest.orElse(0L), 0, latest, restored, Optional.empty(), Optional.of(at))));
    }
}
