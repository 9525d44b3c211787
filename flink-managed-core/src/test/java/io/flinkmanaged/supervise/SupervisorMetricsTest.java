package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorMetricsTest {

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();

    @Test
    void countLooksActionsAndClusters() {
        try (SupervisedCluster supervised = new SupervisedCluster(directory, time)) {
            Supervisor supervisor =
                    new Supervisor(time, FailoverPolicy.standard(), time.blocking(), supervised.events::add);
            assertThat(supervisor.metrics().looks()).isZero();
            Supervision supervision = supervisor.supervise(supervised.cluster);
            time.pass(Duration.ofSeconds(5));
            SupervisorMetrics calm = supervisor.metrics();
            assertThat(calm.clusters()).isEqualTo(1);
            assertThat(calm.looks()).isBetween(9L, 15L);
            assertThat(calm.actions()).as("the first epoch").isEqualTo(1);
            assertThat(calm.actionsFailed()).isZero();
            assertThat(calm.loopLagMax()).isZero();

            supervised.launcher.fail(Optional.of("no room"));
            supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
            time.pass(Duration.ofSeconds(1));
            assertThat(supervisor.metrics().actionsFailed()).isPositive();

            supervised.launcher.fail(Optional.empty());
            time.pass(Duration.ofSeconds(30));
            supervised.launcher.last().afterObserving(() -> {
                throw new IllegalStateException("a test wants it");
            });
            time.pass(Duration.ofSeconds(5));
            assertThat(supervisor.metrics().looksFailed()).isPositive();

            supervision.end("it is over");
            supervision.end("it is over, again");
            time.pass(Duration.ofSeconds(1));
            assertThat(supervisor.metrics().clusters()).isZero();
        }
    }

    @Test
    void measureHowLateTheLoopIs() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        LoopLag loop = new LoopLag(waiting::add, time);
        assertThat(loop.sorted().percentile(99)).isZero();
        for (int millis = 1; millis <= 100; millis++) {
            loop.execute(() -> {});
            time.pass(Duration.ofMillis(millis));
            waiting.remove().run();
        }
        assertThat(loop.sorted().percentile(50)).isEqualTo(Duration.ofMillis(50));
        assertThat(loop.sorted().percentile(99)).isEqualTo(Duration.ofMillis(99));
        assertThat(loop.sorted().percentile(100)).isEqualTo(Duration.ofMillis(100));
        for (int steps = 0; steps < LoopLag.WINDOW; steps++) {
            loop.execute(() -> {});
            waiting.remove().run();
        }
        assertThat(loop.sorted().percentile(100)).as("of long ago").isZero();
    }
}
