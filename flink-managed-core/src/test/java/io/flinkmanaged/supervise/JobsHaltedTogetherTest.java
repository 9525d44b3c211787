package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.ClusterJobs;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.launch.ScriptedCluster;
import io.flinkmanaged.model.JobName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job that cannot be stopped for a change does not cost the others their ends, or their lives. */
class JobsHaltedTogetherTest {

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private ScriptedCluster epoch;
    private ClusterJobs jobs;

    @BeforeEach
    void runTwoJobs() {
        begin();
        ClusterJob unusedSound = supervised.submitted("a-sound", time);
        ClusterJob unusedOther = supervised.submitted("z-other", time);
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void areStoppedEachOnItsOwnAccount() {
        Iterator<Supplier<CompletableFuture<String>>> answers = List.<Supplier<CompletableFuture<String>>>of(
                        () -> {
                            finish("a-sound");
                            return CompletableFuture.completedFuture("a savepoint");
                        },
                        () -> {
                            throw new IllegalStateException("its JobManager has gone");
                        })
                .iterator();
        epoch.stop(() -> answers.next().get());
        assertThatThrownBy(() -> jobs.halt(jobs.all(), true))
                .hasMessageContaining("job \"z-other\"")
                .hasMessageContaining("its JobManager has gone");
        jobs.recover(supervised.cluster.requireCurrent());
        assertThat(submissions()).containsExactly("a-sound", "z-other", "a-sound");
        assertEndIsTold("z-other");
    }

    /** Its state could not be carried: what it goes on from is a checkpoint. */
    @Test
    void areNotStoppedIfOneOfThemWaitsToBeContinued() {
        takeOverWithoutTheOther();
        assertThatThrownBy(() -> jobs.halt(jobs.all(), true))
                .hasMessageContaining("job \"z-other\", stop with savepoint: failed")
                .hasMessageContaining("it waits to be continued");
        assertEndIsTold("a-sound");
    }

    @Test
    void areCancelledEvenIfOneOfThemWaitsToBeContinued() {
        takeOverWithoutTheOther();
        assertThat(jobs.halt(jobs.all(), false)).containsExactly(job("a-sound"));
        assertThat(epoch.cancelled()).hasSize(1);
    }

    private void takeOverWithoutTheOther() {
        supervised.cluster.close();
        supervised.close();
        begin();
        supervised.launcher.answer(Map.of(
                "z-other",
                () -> CompletableFuture.failedFuture(
                        new JobRefusedException("refused", new ClassNotFoundException("no such class")))));
        jobs.recover(supervised.cluster.requireCurrent());
        assertThat(job("a-sound").attempt()).isPresent();
        assertThat(job("z-other").attempt()).isEmpty();
    }

    private void begin() {
        supervised = new SupervisedCluster(directory, time, true);
        supervised.cluster.beginEpoch();
        epoch = supervised.launcher.last();
        jobs = supervised.cluster.jobs();
    }

    private void assertEndIsTold(String name) {
        finish(name);
        time.pass(Duration.ofSeconds(2));
        assertThat(job(name).whenEnded()).isCompletedWithValueMatching(end -> end.status() == JobStatus.FINISHED);
    }

    private void finish(String name) {
        epoch.end(job(name).attempt().orElseThrow().jobId(), new JobEnd(JobStatus.FINISHED, Optional.empty()));
    }

    private ClusterJob job(String name) {
        return jobs.find(new JobName(name)).orElseThrow();
    }

    private List<String> submissions() {
        return epoch.submissions().stream()
                .map(submission -> submission.name().value())
                .toList();
    }
}
