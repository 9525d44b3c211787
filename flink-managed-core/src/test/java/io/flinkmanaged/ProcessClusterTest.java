package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochAdopted;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.security.ClusterCertificates;
import io.flinkmanaged.security.Strangers;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A single node as processes, through the entry: one cluster that lives through everything here. */
@Tag("slow")
class ProcessClusterTest {

    private static final long NUMBERS = 24_000;
    private static final double PER_SECOND = 200;
    private static final Duration LOOK = Duration.ofMillis(50);

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void anOperatedClusterOutlivesItsEmbeddersDeathAndThatOfItsProcessesWithExactState() throws Exception {
        ClusterSpec spec = EmbedderProgram.specOfProcesses(temporary.resolve("storage"));
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        Process embedder = EmbedderProgram.start(List.of(
                temporary.resolve("processes/journal").toString(),
                temporary.resolve("storage").toString(),
                counts.toString(),
                temporary.resolve("work").toString(),
                Long.toString(NUMBERS),
                Double.toString(PER_SECOND),
                temporary.resolve("processes").toString()));
        try {
            EmbedderProgram.awaitRunning(embedder);
        } finally {
            EmbedderProgram.kill(embedder);
        }
        assertThat(ProcessesBelow.of(temporary)).hasSize(3);

        try (ManagedFlink flink = flink();
                ManagedCluster cluster = flink.operate(spec)) {
            awaitEvents(EpochAdopted.class, 1);
            cluster.awaitHealthy(PATIENCE);

            awaitStandbys(2);
            cluster.drill().killTaskManager(1);
            awaitEvents(TaskManagerReplaced.class, 1);
            cluster.drill().killJobManager();
            awaitEvents(ProcessRestarted.class, 1);
            cluster.awaitHealthy(PATIENCE);
            assertThat(begun()).hasSize(2);
        }
        assertThat(ProcessesBelow.of(temporary))
                .as("ZooKeeper, and two that stood by")
                .hasSize(3);
        try (ManagedFlink flink = flink();
                ManagedCluster cluster = flink.operate(spec)) {
            awaitEvents(EpochAdopted.class, 2);
            cluster.awaitHealthy(PATIENCE);
            awaitStandbys(4);
            assertThat(diary.of(EpochStarted.class)).isEmpty();

            cluster.drill().killNode(1);
            awaitEvents(EpochStarted.class, 1);
            await().atMost(PATIENCE.multipliedBy(3))
                    .until(() -> Counting.files(counts).size() == Counting.KEYS);
            cluster.terminate();
        }
        Map<String, String> exact = new TreeMap<>();
        Counting.expected(NUMBERS).forEach((key, count) -> exact.put(key.toString(), count.toString()));
        assertThat(Counting.files(counts)).isEqualTo(exact);
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
        try (Stream<Path> epochs = Files.list(temporary.resolve("processes/nodes/clusters/operated"))) {
            assertThat(epochs.map(path -> path.getFileName().toString())).containsExactly("logs");
        }
    }

    /**
     * Counts those that have begun, too. A rehearsal listens on loopback and lets no stranger in, and who stands by listens
     * nowhere.
     */
    private void awaitStandbys(int count) throws IOException {
        Set<String> sockets = new TreeSet<>();
        Set<String> refusing = new TreeSet<>();
        await().pollInterval(LOOK).atMost(PATIENCE.multipliedBy(2)).untilAsserted(() -> {
            for (String socket : socketsOfStandbys()) {
                if (sockets.add(socket) && strangersAreRefusedAt(socket)) {
                    refusing.add(socket);
                }
            }
            assertThat(filesOfStandbys("ready")).hasSize(count);
        });
        assertThat(sockets).as("of rehearsals").isNotEmpty().allMatch(ListeningSockets::isLoopback);
        assertThat(refusing).as("of rehearsals, while they lasted: %s", sockets).isNotEmpty();
        // One that was too slow is still being taken down when its process stands by.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(socketsOfStandbys())
                .as("of those that stand by")
                .isEmpty());
    }

    private boolean strangersAreRefusedAt(String socket) throws IOException {
        ClusterName name = new ClusterName("operated");
        Path security = temporary.resolve("processes/nodes/security").resolve(name.value());
        try (SystemTimeSource time = new SystemTimeSource()) {
            return Strangers.areRefusedInPassing(
                    ListeningSockets.portOf(socket),
                    ClusterCertificates.open(security, name, time),
                    temporary.resolve("stranger"),
                    time);
        }
    }

    private List<String> socketsOfStandbys() throws IOException {
        List<String> sockets = new ArrayList<>();
        for (ProcessHandle process : ProcessesBelow.of(temporary.toRealPath())) {
            if (standsBy(process)) {
                sockets.addAll(ListeningSockets.of(process));
            }
        }
        return sockets;
    }

    /** It is told, as an argument, where it will be told to begin. */
    private static boolean standsBy(ProcessHandle process) throws IOException {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        Path works = Files.readSymbolicLink(proc.resolve("cwd"));
        return Stream.of(Files.readString(proc.resolve("cmdline")).split("\0", -1))
                .filter(argument -> argument.contains("/standby-"))
                .anyMatch(place -> Files.notExists(works.resolve(place).resolve("begin")));
    }

    private List<Path> begun() throws IOException {
        return filesOfStandbys("begin");
    }

    /** Looks nowhere else: below, Flink's processes delete as they like. */
    private List<Path> filesOfStandbys(String name) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String kind : List.of("taskmanager", "jobmanager")) {
            Path processes = temporary
                    .resolve("processes/nodes/clusters/operated/epoch-1/node-1")
                    .resolve(kind);
            try (DirectoryStream<Path> standbys = Files.newDirectoryStream(processes, "standby-*")) {
                for (Path standby : standbys) {
                    files.add(standby.resolve(name));
                }
            }
        }
        files.removeIf(Files::notExists);
        return files;
    }

    private void awaitEvents(Class<? extends ClusterEvent> kind, int count) {
        await().atMost(PATIENCE.multipliedBy(2))
                .untilAsserted(
                        () -> assertThat(diary.of(kind)).as("%s", diary.all()).hasSize(count));
    }

    private ManagedFlink flink() {
        return ManagedFlink.configure().listener(diary).withoutClassSharing().processes(temporary.resolve("processes"));
    }
}
