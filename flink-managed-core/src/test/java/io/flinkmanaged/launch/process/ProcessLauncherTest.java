package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.internal.ForwardingTime;
import io.flinkmanaged.internal.SetClock;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.process.Host.ProcessStart;
import io.flinkmanaged.launch.process.Places.Placed;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.ClusterCertificates;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLauncherTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final NodeId NODE = new NodeId(1);

    @TempDir
    private Path temporary;

    private final SystemTimeSource time = new SystemTimeSource();

    @AfterEach
    void killWhatIsLeft() throws Exception {
        Ending.end(LocalHost.below(temporary, time).find(temporary), Duration.ZERO);
        time.close();
    }

    @Test
    void runsANodeReplacesItsProcessesAndLeavesNothing() throws Exception {
        ProcessLauncher launcher = launcher();
        LaunchedCluster cluster = launcher.launch(order(spec()), () -> {});
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
        assertThat(home().resolve("clusters/flights/epoch-1/node-1/taskmanager/tmp")
                        .toFile()
                        .list((tmp, name) -> name.endsWith(".jar")))
                .as("copies of Flink's RPC jar, of which the killed one left its own")
                .hasSize(1);

        cluster.killJobManager();
        await().atMost(PATIENCE).until(() -> cluster.observe().lost().size() == 1);
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.UNKNOWN);
        saysWhyAProcessCannotBeRestarted(cluster);
        cluster.restart(NODE, Kind.JOB_MANAGER);
        await().atMost(PATIENCE).until(() -> cluster.observe().liveness() == Liveness.ANSWERS);

        assertThatThrownBy(() -> launcher.launch(order(spec()), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("Close that cluster, end its processes, or use another directory.");

        assertThat(cluster.endingCertificates()).isEmpty();
        LaunchedCluster monthsLater =
                launcher(later(300)).adopt(order(spec()), () -> {}).orElseThrow();
        assertThat(monthsLater.endingCertificates()).hasSize(3);
        assertThat(monthsLater.letGo()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThatThrownBy(() -> launcher(later(366)).adopt(order(spec()), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("could not be taken over")
                .hasMessageContaining("ended on")
                .hasMessageContaining("operate the cluster again");

        refusesToIssueByAnotherAuthorityThanTheLost(cluster);

        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.DEAD);
        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(LocalHost.below(temporary, time).find(temporary)).isEmpty();
        assertThat(home().resolve("clusters/flights/epoch-1")).doesNotExist();
        assertThat(home().resolve("clusters/flights/logs/epoch-1/node-1/jobmanager/log/jobmanager.log"))
                .exists();
    }

    private void refusesToIssueByAnotherAuthorityThanTheLost(LaunchedCluster cluster) throws IOException {
        Path authority = home().resolve("security/flights/internal-1.pem");
        Path keys = home().resolve("clusters/flights/epoch-1/node-1/tls");
        List<byte[]> before = contents(keys);
        Path copy = Files.move(authority, temporary.resolve("copy"));
        String[] gone = {"internal-1.pem: gone", "Restore it from a copy"};
        assertThatThrownBy(() -> launcher().adopt(order(spec()), () -> {}))
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
        Path place = home().resolve("clusters/flights/epoch-1/node-1/jobmanager");
        Path conf = place.resolve("conf");
        Path aside = Files.move(conf, place.resolve("aside"));
        Files.createFile(conf);
        assertThatThrownBy(() -> cluster.restart(NODE, Kind.JOB_MANAGER))
                .isInstanceOf(LaunchException.class)
                .hasMessage("node-1: its jobmanager could not be restarted: FileAlreadyExistsException: " + conf
                        + " (expected: another one, started). Mend that, if it does not pass by itself, and try again, as "
                        + "the supervisor does. Its log is " + place.resolve("log/jobmanager.log") + ".");
        Files.delete(conf);
        Files.move(aside, conf);
    }

    @Test
    void aFailedLaunchSaysWhyAndLeavesNothing() throws Exception {
        ClusterSpec broken = spec().toBuilder()
                .override("env.java.opts.jobmanager", "-XX:NoSuchOption")
                .build();
        assertThatThrownBy(() -> launcher().launch(order(broken), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("jobmanager of node-1: it ended with status 1")
                .hasMessageContaining("NoSuchOption")
                .hasMessageContaining("clusters/flights/logs/epoch-1");
        assertThat(LocalHost.below(temporary, time).find(temporary)).isEmpty();
        assertThat(home().resolve("clusters/flights/epoch-1")).doesNotExist();
        assertThat(home().resolve("clusters/flights/logs/epoch-1/node-1/jobmanager/conf/config.yaml"))
                .exists();
    }

    /** As on a full disk: the first process was started, the next one cannot be, and nothing can be kept. */
    @Test
    void aFailedLaunchOfWhichNothingCanBeKeptEndsWhatItHasStarted() throws Exception {
        try (ProcessLauncher launcher = launcher(new FullHost(home(), time))) {
            assertThatThrownBy(() -> launcher.launch(order(spec()), () -> {}))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("FileSystemException: taskmanager: No space left on device")
                    .cause()
                    .satisfies(cause -> assertThat(cause.getSuppressed())
                            .singleElement()
                            .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                            .hasMessageContaining("logs"));
        }
        assertThat(LocalHost.below(temporary, time).find(temporary)).isEmpty();
        assertThat(home().resolve("clusters/flights/epoch-1")).doesNotExist();
    }

    @Test
    void refusesAStorageThatNodesDoNotReachBeforeAnythingStarts() throws Exception {
        LaunchOrder elsewhere = new LaunchOrder(
                spec(),
                new Epoch(1),
                temporary.resolve("unused"),
                "s3://bucket/flights/ha",
                List.of(),
                Optional::empty);
        assertThatThrownBy(() -> launcher().launch(elsewhere, () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("State storage s3://bucket/flights/ha")
                .hasMessageContaining("Use another storage");
        assertThat(LocalHost.below(temporary, time).find(temporary)).isEmpty();
        assertThat(home().resolve("clusters/flights")).doesNotExist();
    }

    /** Ten years are over: the library says so before anything starts. */
    @Test
    void refusesToLaunchWithAnExpiredAuthority() throws Exception {
        ClusterCertificates unused = ClusterCertificates.open(home().resolve("security/flights"), spec().name(), time);
        assertThatThrownBy(() -> launcher(later(3651)).launch(order(spec()), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("certificate authority")
                .hasMessageContaining("expired on")
                .hasMessageContaining("delete the file and launch again");
        assertThat(LocalHost.below(temporary, time).find(temporary)).isEmpty();
        assertThat(home().resolve("clusters/flights/epoch-1")).doesNotExist();
    }

    @Test
    void aLaunchThatFailsBeforeAnythingStartsLeavesNothing() throws Exception {
        assertThatThrownBy(() -> launcherWithoutFlink().launch(order(spec()), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("flink-dist-2.3.0.jar");
        assertThat(home().resolve("clusters/flights/epoch-1")).doesNotExist();
    }

    /** The JVM that launched it was killed together with its processes, or the machine was started anew. */
    @Test
    void theNextLaunchDeletesWhatIsLeftOfAFormerEpochButItsLogs() throws Exception {
        Path former = leaveFormerEpoch();
        assertThatThrownBy(() -> launcherWithoutFlink().launch(order(spec(), 2), () -> {}))
                .isInstanceOf(LaunchException.class);
        assertThat(former).doesNotExist();
        assertThat(home().resolve("clusters/flights/logs/epoch-1/node-1/jobmanager/log/jobmanager.log"))
                .hasContent("its last words");
    }

    @Test
    void aFormerEpochInWhichSomebodyLivesIsLeftAsItIs() throws Exception {
        Path former = leaveFormerEpoch();
        HostProcess living = startIn(former);
        assertThatThrownBy(() -> launcherWithoutFlink().launch(order(spec(), 2), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(living.id());
        assertThat(former.resolve("node-1/jobmanager/log/jobmanager.log")).exists();
        assertThat(former.resolve(PlacementFile.NAME)).exists();
    }

    /** As {@code terminate()} does with what a former JVM let go of; neither Flink nor a certificate is needed for that. */
    @Test
    void anEpochThatNobodyHasTakenOverIsEnded() throws Exception {
        Path former = leaveFormerEpoch();
        HostProcess living = startIn(former);
        assertThat(launcherWithoutFlink().end(order(spec()))).isEqualTo(StopConfirmation.CONFIRMED);
        await().until(living.whenEnded()::isDone);
        assertThat(former).doesNotExist();
        assertThat(launcherWithoutFlink().end(order(spec()))).isEqualTo(StopConfirmation.CONFIRMED);
    }

    /**
     * Certificates that hold in months only are refused by the processes, which shows that the library shows its new ones;
     * those that it gets when its clock is right again are not.
     */
    @Test
    @Tag("slow")
    void theLibrarysOwnCertificatesAreRenewedWhileItLooks() throws Exception {
        SetClock clock = new SetClock(time);
        LaunchedCluster cluster = launcher(clock).launch(order(spec()), () -> {});
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
    @Tag("slow")
    void whatAJobHasStartedTakesNoSeatAndSurvivesATakeOver() throws Exception {
        LaunchedCluster launched = launcher().launch(order(spec()), () -> {});
        Path seat = home().resolve("clusters/flights/epoch-1/node-1/taskmanager");
        Process daemon = startDaemonOf(seat);
        try {
            LaunchedCluster besideIt = launcher().adopt(order(spec()), () -> {}).orElseThrow();
            assertThat(besideIt.taskManagers().get(0).death()).isEmpty();
            assertThat(daemon.isAlive()).isTrue();
            assertThat(besideIt.letGo()).isEqualTo(StopConfirmation.CONFIRMED);

            launched.killTaskManager(NODE);
            LaunchedCluster without = launcher().adopt(order(spec()), () -> {}).orElseThrow();
            assertThat(without.taskManagers().get(0).death()).isPresent();
            assertThat(without.observe().lost()).isEmpty();
            assertThat(daemon.isAlive()).isTrue();
            assertThat(without.letGo()).isEqualTo(StopConfirmation.CONFIRMED);

            launched.killAll();
            LaunchedCluster dead = launcher().adopt(order(spec()), () -> {}).orElseThrow();
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
        await().until(() -> LocalHost.below(home(), time).find(seat).stream().anyMatch(HostProcess::isDescendant));
        return started;
    }

    /** It becomes what leads its session a moment after its start. */
    private HostProcess startIn(Path epoch) throws IOException {
        LocalHost host = LocalHost.below(home(), time);
        HostProcess process = host.start(new ProcessStart(
                epoch.resolve("node-1"),
                "jobmanager",
                "jobmanager/log/out",
                List.of("sleep", "600"),
                new TreeMap<>(),
                false,
                false));
        await().until(() -> !host.find(epoch).isEmpty());
        return process;
    }

    private Path leaveFormerEpoch() throws IOException {
        Epoch epoch = new Epoch(1);
        Places places = new Places(home(), new Hosts(List.of(LocalHost.below(home(), time))));
        Placed placed = places.place(spec(), epoch, Traffic.TLS);
        Path log = Files.createDirectories(placed.nodes().get(0).directory().resolve("jobmanager/log"));
        Files.writeString(log.resolve("jobmanager.log"), "its last words");
        return places.of(spec().name(), epoch);
    }

    private ProcessLauncher launcherWithoutFlink() throws IOException {
        Path flink = temporary.resolve("flink");
        Path jar = Files.createDirectories(flink.resolve("lib")).resolve("flink-dist-2.3.0.jar");
        Files.createFile(jar);
        FlinkDistribution gone = FlinkDistribution.at(flink);
        Files.delete(jar);
        return new ProcessLauncher(
                home(),
                new NodeOptions(gone, Traffic.TLS, true, false, false, AllowedSources.NONE),
                time,
                Secrets.of(List.of()));
    }

    private TimeSource later(int days) {
        return new LaterTime(time, Duration.ofDays(days));
    }

    private ProcessLauncher launcher(Host host) {
        return new ProcessLauncher(
                home(),
                List.of(host),
                new NodeOptions(FlinkDistribution.ofClassPath(), Traffic.TLS, true, false, false, AllowedSources.NONE),
                time,
                Secrets.of(List.of()));
    }

    private ProcessLauncher launcher() {
        return launcher(time);
    }

    private ProcessLauncher launcher(TimeSource clock) {
        return new ProcessLauncher(
                home(),
                new NodeOptions(FlinkDistribution.ofClassPath(), Traffic.TLS, true, false, true, AllowedSources.NONE),
                clock,
                Secrets.of(List.of()));
    }

    private Path home() {
        return temporary.resolve("home");
    }

    private ClusterSpec spec() {
        return ClusterSpec.named("flights").plan(Plans.TINY).taskSlots(2).build();
    }

    private LaunchOrder order(ClusterSpec spec) {
        return order(spec, 1);
    }

    private LaunchOrder order(ClusterSpec spec, int epoch) {
        return new LaunchOrder(
                spec,
                new Epoch(epoch),
                temporary.resolve("unused"),
                temporary.resolve("ha").toUri().toString(),
                List.of(),
                Optional::empty);
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

    /** The same time, on a clock that is ahead. */
    private static final class LaterTime extends ForwardingTime {

        private final Duration ahead;

        LaterTime(TimeSource time, Duration ahead) {
            super(time);
            this.ahead = ahead;
        }

        @Override
        public Instant now() {
            return super.now().plus(ahead);
        }
    }
}
