package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.internal.SetClock;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.process.Host.ProcessStart;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.ClusterCertificates;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProcessLauncherTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final NodeId NODE = new NodeId(1);

    @RegisterExtension
    private final LaunchPlace place = new LaunchPlace();

    @Test
    void runsANodeReplacesItsProcessesAndLeavesNothing() throws Exception {
        ProcessLauncher launcher = place.launcher();
        LaunchedCluster cluster = launcher.launch(place.order(), () -> {});
        ClusterObservation up = cluster.observe();
        assertThat(up.liveness()).isEqualTo(Liveness.ANSWERS);
        assertThat(up.taskManagers()).singleElement().satisfies(one -> assertThat(one.death())
                .isEmpty());
        assertThat(up.lost()).isEmpty();
        assertThat(cluster.effectiveConfiguration().driftFrom(cluster.configuration()))
                .isEmpty();

        cluster.killTaskManager(NODE);
        assertThat(cluster.taskManagers().get(0).death().orElseThrow().cause()).isEqualTo("killed as a drill");
        assertThat(cluster.replaceTaskManager(NODE)).isEqualTo("node-1");
        assertThat(cluster.taskManagers().get(0).death()).isEmpty();
        assertThat(place.epoch().resolve("node-1/taskmanager/tmp").toFile().list((tmp, name) -> name.endsWith(".jar")))
                .as("copies of Flink's RPC jar, of which the killed one left its own")
                .hasSize(1);

        cluster.killJobManager();
        await().atMost(PATIENCE).until(() -> cluster.observe().lost().size() == 1);
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.UNKNOWN);
        saysWhyAProcessCannotBeRestarted(cluster);
        cluster.restart(NODE, Kind.JOB_MANAGER);
        await().atMost(PATIENCE).until(() -> cluster.observe().liveness() == Liveness.ANSWERS);

        assertThatThrownBy(() -> launcher.launch(place.order(), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("Close that cluster, end its processes, or use another directory.");

        assertThat(cluster.endingCertificates()).isEmpty();
        LaunchedCluster monthsLater =
                place.launcher(after(300)).adopt(place.order(), () -> {}).orElseThrow();
        assertThat(monthsLater.endingCertificates()).hasSize(3);
        assertThat(monthsLater.letGo()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThatThrownBy(() -> place.launcher(after(366)).adopt(place.order(), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("could not be taken over")
                .hasMessageContaining("ended on")
                .hasMessageContaining("operate the cluster again");

        refusesToIssueByAnotherAuthorityThanTheLost(cluster);

        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.DEAD);
        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(place.living()).isEmpty();
        assertThat(place.epoch()).doesNotExist();
        assertThat(place.home().resolve("clusters/flights/logs/epoch-1/node-1/jobmanager/log/jobmanager.log"))
                .exists();
    }

    private void refusesToIssueByAnotherAuthorityThanTheLost(LaunchedCluster cluster) throws IOException {
        Path authority = place.home().resolve("security/flights/internal-1.pem");
        Path keys = place.epoch().resolve("node-1/tls");
        List<byte[]> before = contents(keys);
        Path copy = Files.move(authority, place.directory().resolve("copy"));
        String[] gone = {"internal-1.pem: gone", "Restore it from a copy"};
        assertThatThrownBy(() -> place.launcher().adopt(place.order(), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContainingAll(gone);
        cluster.killTaskManager(NODE);
        assertThatThrownBy(() -> cluster.replaceTaskManager(NODE))
                .isInstanceOf(LaunchException.class)
                .hasMessageContainingAll(gone);
        assertThat(authority).doesNotExist();
        assertThat(contents(keys)).usingElementComparator(Arrays::compare).isEqualTo(before);

        Files.move(copy, authority);
        assertThat(cluster.replaceTaskManager(NODE)).isEqualTo("node-1");
    }

    private static List<byte[]> contents(Path directory) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private void saysWhyAProcessCannotBeRestarted(LaunchedCluster cluster) throws IOException {
        Path jobManager = place.epoch().resolve("node-1/jobmanager");
        Path conf = jobManager.resolve("conf");
        Path aside = Files.move(conf, jobManager.resolve("aside"));
        Files.createFile(conf);
        assertThatThrownBy(() -> cluster.restart(NODE, Kind.JOB_MANAGER))
                .isInstanceOf(LaunchException.class)
                .hasMessage("node-1: its jobmanager could not be restarted: FileAlreadyExistsException: " + conf
                        + " (expected: another one, started). Mend that, if it does not pass by itself, and try again, as "
                        + "the supervisor does. Its log is " + jobManager.resolve("log/jobmanager.log") + ".");
        Files.delete(conf);
        Files.move(aside, conf);
    }

    @Test
    void aFailedLaunchSaysWhyAndLeavesNothing() throws Exception {
        ClusterSpec broken = place.spec().toBuilder()
                .override("env.java.opts.jobmanager", "-XX:NoSuchOption")
                .build();
        assertThatThrownBy(() -> place.launcher().launch(place.order(broken), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("jobmanager of node-1: it ended with status 1")
                .hasMessageContaining("NoSuchOption")
                .hasMessageContaining("clusters/flights/logs/epoch-1");
        assertThat(place.living()).isEmpty();
        assertThat(place.epoch()).doesNotExist();
        assertThat(place.home().resolve("clusters/flights/logs/epoch-1/node-1/jobmanager/conf/config.yaml"))
                .exists();
    }

    /** As on a full disk: the first process was started, the next one cannot be, and nothing can be kept. */
    @Test
    void aFailedLaunchOfWhichNothingCanBeKeptEndsWhatItHasStarted() throws Exception {
        try (ProcessLauncher launcher = place.launcher(new FullHost(place.home(), place.time()))) {
            assertThatThrownBy(() -> launcher.launch(place.order(), () -> {}))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("FileSystemException: taskmanager: No space left on device")
                    .cause()
                    .satisfies(cause -> assertThat(cause.getSuppressed())
                            .singleElement()
                            .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                            .hasMessageContaining("logs"));
        }
        assertThat(place.living()).isEmpty();
        assertThat(place.epoch()).doesNotExist();
    }

    @Test
    void refusesAStorageThatNodesDoNotReachBeforeAnythingStarts() throws Exception {
        LaunchOrder elsewhere = new LaunchOrder(
                place.spec(),
                new Epoch(1),
                place.directory().resolve("unused"),
                "s3://bucket/flights/ha",
                List.of(),
                Optional::empty);
        assertThatThrownBy(() -> place.launcher().launch(elsewhere, () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("State storage s3://bucket/flights/ha")
                .hasMessageContaining("Use another storage");
        assertThat(place.living()).isEmpty();
        assertThat(place.home().resolve("clusters/flights")).doesNotExist();
    }

    /** Ten years are over: the library says so before anything starts. */
    @Test
    void refusesToLaunchWithAnExpiredAuthority() throws Exception {
        ClusterCertificates unused = ClusterCertificates.open(
                place.home().resolve("security/flights"), place.spec().name(), place.time());
        assertThatThrownBy(() -> place.launcher(after(3651)).launch(place.order(), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("certificate authority")
                .hasMessageContaining("expired on")
                .hasMessageContaining("delete the file and launch again");
        assertThat(place.living()).isEmpty();
        assertThat(place.epoch()).doesNotExist();
    }

    @Test
    void aLaunchThatFailsBeforeAnythingStartsLeavesNothing() throws Exception {
        assertThatThrownBy(() -> place.launcherWithoutFlink().launch(place.order(), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("flink-dist-2.3.0.jar");
        assertThat(place.epoch()).doesNotExist();
    }

    /** The same time, on a clock that is ahead. */
    private TimeSource after(int days) {
        SetClock clock = new SetClock(place.time());
        clock.setBy(Duration.ofDays(days));
        return clock;
    }

    /** Its disk is full when a ZooKeeper peer was started. */
    private static final class FullHost extends ForwardingHost {

        private static final String REASON = "No space left on device";

        FullHost(Path home, TimeSource time) {
            super(home, time);
        }

        @Override
        public HostProcess start(ProcessStart start) throws IOException {
            if (!start.name().equals(Kind.ZOOKEEPER.directory())) {
                throw new FileSystemException(start.name(), null, REASON);
            }
            return super.start(start);
        }

        @Override
        public void put(Path directory, List<String> directories, List<RenderedFile> files) throws IOException {
            if (directory.toString().contains("/logs/")) {
                throw new UncheckedIOException(new FileSystemException(directory.toString(), null, REASON));
            }
            super.put(directory, directories, files);
        }
    }
}
