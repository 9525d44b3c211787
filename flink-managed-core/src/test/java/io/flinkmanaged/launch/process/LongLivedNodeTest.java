package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.internal.SetClock;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node of real processes in months of its life. */
@Tag("slow")
class LongLivedNodeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final NodeId NODE = new NodeId(1);

    @RegisterExtension
    private final LaunchPlace place = new LaunchPlace();

    /**
     * Certificates that hold in months only are refused by the processes, which shows that the library shows its new ones;
     * those that it gets when its clock is right again are not.
     */
    @Test
    void theLibrarysOwnCertificatesAreRenewedWhileItLooks() throws Exception {
        SetClock clock = new SetClock(place.time());
        LaunchedCluster cluster = place.launcher(clock).launch(place.order(), () -> {});
        assertThat(liveness(cluster)).isEqualTo(Liveness.ANSWERS);
        clock.setBy(Duration.ofDays(300));
        await().atMost(PATIENCE).until(() -> liveness(cluster) != Liveness.ANSWERS);
        clock.setBy(Duration.ofDays(-300));
        await().atMost(PATIENCE).until(() -> liveness(cluster) == Liveness.ANSWERS);
        cluster.renewOwnCertificates();
        assertThat(liveness(cluster)).isEqualTo(Liveness.ANSWERS);
        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
    }

    private static Liveness liveness(LaunchedCluster cluster) {
        return cluster.look().join().liveness();
    }

    /** It has all that a TaskManager is known by, and what it does is the job's affair until the epoch ends. */
    @Test
    void whatAJobHasStartedTakesNoSeatAndSurvivesATakeOver() throws Exception {
        LaunchedCluster launched = place.launcher().launch(place.order(), () -> {});
        Path seat = place.epoch().resolve("node-1/taskmanager");
        Process daemon = startDaemonOf(seat);
        try {
            LaunchedCluster besideIt =
                    place.launcher().adopt(place.order(), () -> {}).orElseThrow();
            assertThat(besideIt.taskManagers().get(0).death()).isEmpty();
            assertThat(daemon.isAlive()).isTrue();
            assertThat(besideIt.letGo()).isEqualTo(StopConfirmation.CONFIRMED);

            launched.killTaskManager(NODE);
            LaunchedCluster without =
                    place.launcher().adopt(place.order(), () -> {}).orElseThrow();
            assertThat(without.taskManagers().get(0).death()).isPresent();
            assertThat(without.observe().lost()).isEmpty();
            assertThat(daemon.isAlive()).isTrue();
            assertThat(without.letGo()).isEqualTo(StopConfirmation.CONFIRMED);

            launched.killAll();
            LaunchedCluster dead =
                    place.launcher().adopt(place.order(), () -> {}).orElseThrow();
            assertThat(dead.observe().liveness()).isEqualTo(Liveness.DEAD);
            assertThat(dead.stop()).isEqualTo(StopConfirmation.CONFIRMED);
            await().until(() -> !daemon.isAlive());
            assertThat(launched.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        } finally {
            Process unused = daemon.destroyForcibly();
        }
    }

    private Process startDaemonOf(Path seat) throws IOException {
        ProcessBuilder daemon = new ProcessBuilder("setsid", "sleep", "600");
        daemon.environment().put("FLINK_MANAGED_PROCESS", seat.toString());
        Process started = daemon.start();
        await().until(() ->
                LocalHost.below(place.home(), place.time()).find(seat).stream().anyMatch(HostProcess::isDescendant));
        return started;
    }
}
