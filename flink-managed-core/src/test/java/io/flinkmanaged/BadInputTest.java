package io.flinkmanaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.config.ConfigurationPolicy;
import io.flinkmanaged.event.ClusterEvent.EpochFailed;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot work is refused before anything starts, with what to do; nothing half-started stays. */
class BadInputTest {

    private static final ConfigurationPolicy GRANTING = ConfigurationPolicy.named("tests")
            .grant("blob.server.port", "to break it")
            .grant("security.ssl.rest.", "to break it")
            .build();

    @TempDir
    Path directory;

    @Test
    void refusesAnEmptyNameZeroSlotsAndAnIntervalOfZeroAtTheCallersLine() {
        assertThatThrownBy(() -> ClusterSpec.named(""))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("cluster name: \"\" (expected: 1..63 characters");
        assertThatThrownBy(() -> ClusterSpec.named("flights").taskSlots(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("taskSlots: 0 (expected: 1..1024). Use 1 to isolate jobs from each other.");
        assertThatThrownBy(() -> Checkpointing.every(Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("checkpoint interval: 0 ms (expected: 10 ms or more).");
    }

    @Test
    void reportsAllFaultsOfASpecTogether() {
        assertThatThrownBy(() -> ClusterSpec.named("flights")
                        .override("paralelism.default", "2")
                        .override("rest.port", "8081")
                        .override("heartbeat.timeout", "soon")
                        .build())
                .isInstanceOfSatisfying(InvalidSpecException.class, refused -> {
                    assertThat(refused.findings()).hasSize(3);
                    assertThat(refused)
                            .hasMessageContaining("Did you mean parallelism.default?")
                            .hasMessageContaining("override rest.port")
                            .hasMessageContaining("expected: a duration");
                });
    }

    @Test
    void namesTheArtifactForASchemeThatNobodyServes() {
        ClusterSpec spec = ClusterSpec.named("flights")
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1)).to(StorageLocation.at("s3://bucket/flink")))
                .build();
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            assertThatThrownBy(() -> flink.launch(spec))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("storage URI: s3://bucket/flink (expected: a scheme that an adapter on the "
                            + "class path serves: file). Add flink-managed-cloud-aws");
            assertThat(flink.cluster("flights")).isEmpty();
        }
    }

    @Test
    void saysInStrictModeWhatTheLauncherCannotKeep() {
        try (ManagedFlink flink = ManagedFlink.configure().strict().inProcess()) {
            assertThatThrownBy(() -> flink.check(TestClusters.spec("strict", Plans.THREE_NODE_4GB, directory)))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("advisory in process")
                    .hasMessageContaining("one JobManager in process");
        }
    }

    @Test
    void refusesStorageThatCannotBeWrittenAndFreesTheName() throws Exception {
        Path file = Files.writeString(directory.resolve("a-file"), "not a directory");
        ClusterSpec spec = ClusterSpec.named("flights")
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1)).to(FileStorage.at(file)))
                .build();
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            assertThatThrownBy(() -> flink.launch(spec))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot write, read and delete in " + file);
            assertThatThrownBy(() -> flink.operate(spec)).isInstanceOf(StorageException.class);
            assertThat(flink.cluster("flights")).isEmpty();
        }
    }

    /** Before Flink's start, at an early step of it and at late ones: Flink itself leaves sockets and threads. */
    @ParameterizedTest
    @CsvSource({
        "rest.bind-address, 192.0.2.1",
        "blob.server.port, 99999",
        "taskmanager.memory.segment-size, 3 kb",
        "security.ssl.rest.enabled, true"
    })
    void leavesNothingOfAClusterThatFlinkCannotStart(String key, String value) throws Exception {
        List<String> before = threadsOfFlink();
        Path work = directory.resolve("work");
        Diary diary = new Diary();
        ClusterSpec impossible = TestClusters.spec("impossible", directory.resolve("state")).toBuilder()
                .override(key, value)
                .build();
        try (ManagedFlink flink = ManagedFlink.configure()
                .workingDirectory(work)
                .listener(diary)
                .policy(GRANTING)
                .inProcess()) {
            assertThatThrownBy(() -> flink.launch(impossible))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("cluster impossible, epoch-1: could not be started in process")
                    .hasMessageContaining("Nothing of it is left running");
            assertThat(flink.cluster("impossible")).isEmpty();
            assertThat(ListeningSockets.ofThisJvm()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(threadsOfFlink())
                .filteredOn(thread -> !before.contains(thread))
                .isEmpty());
        assertThat(diary.of(EpochFailed.class)).hasSize(1);
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).isEmpty();
        }
    }

    private static List<String> threadsOfFlink() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName() + " (" + thread.getId() + ")")
                .filter(name -> name.toLowerCase(Locale.ROOT).contains("flink")
                        || name.contains("blob")
                        || name.contains("Blob")
                        || name.contains("mini-cluster"))
                .filter(name -> !name.startsWith("FlinkCompletableFutureDelayScheduler"))
                .toList();
    }

    @Test
    void endsASecondUseOfAClosedInstance() {
        ManagedFlink flink = ManagedFlink.inProcess();
        flink.close();
        assertThatThrownBy(() -> flink.operate(TestClusters.spec("late", directory)))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessage("ManagedFlink: closed (expected: open). Create another one.");
    }

    @Test
    void memoryThatDoesNotFitTheNodeIsOneReportWithTheTable() {
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            ClusterSpec greedy = ClusterSpec.named("greedy")
                    .override("taskmanager.memory.process.size", "64g")
                    .build();
            assertThatThrownBy(() -> flink.launch(greedy))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("at most its 4096 MiB")
                    .hasMessageContaining("TaskManager             65536");
        }
    }
}
