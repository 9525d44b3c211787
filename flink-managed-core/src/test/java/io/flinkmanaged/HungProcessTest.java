package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.ProcessHung;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are stopped and not dead (SIGSTOP), one after the other, under a job that counts. */
@Tag("slow")
class HungProcessTest {

    private static final long NUMBERS = 20_000;
    private static final double PER_SECOND = 200;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void oneThatHangsIsEndedAndPutBackWithExactStateAndNoneIsLeftByTheClose() throws Exception {
        ClusterSpec spec = TestClusters.spec("flights", temporary.resolve("storage"));
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .withoutClassSharing()
                        .withoutStandbys()
                        .processes(temporary.resolve("processes"));
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob unused = cluster.submit(
                    "counting", environment -> Counting.defineWithFiles(environment, counts, NUMBERS, PER_SECOND));
            cluster.awaitHealthy(PATIENCE);

            stop("TaskManagerRunner");
            awaitEvents(TaskManagerReplaced.class, 1);
            cluster.awaitHealthy(PATIENCE);
            stop("StandaloneSessionClusterEntrypoint");
            awaitEvents(ProcessRestarted.class, 1);
            cluster.awaitHealthy(PATIENCE);
            stop("FlinkZooKeeperQuorumPeer");
            awaitEvents(ProcessRestarted.class, 2);

            await().atMost(PATIENCE.multipliedBy(3))
                    .until(() -> Counting.files(counts).size() == Counting.KEYS);
            assertThat(diary.of(ProcessHung.class))
                    .extracting(ProcessHung::process)
                    .containsExactly("taskmanager", "jobmanager", "zookeeper");
            assertThat(diary.of(EpochStarted.class)).hasSize(1);
            // Those that hang while the cluster is closed do not hear that they are to end.
            stop("TaskManagerRunner");
            stop("FlinkZooKeeperQuorumPeer");
        }
        Map<String, String> exact = new TreeMap<>();
        Counting.expected(NUMBERS).forEach((key, count) -> exact.put(key.toString(), count.toString()));
        assertThat(Counting.files(counts)).isEqualTo(exact);
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }

    private void stop(String mainClass) throws Exception {
        ProcessHandle process = ProcessesBelow.of(temporary.toRealPath()).stream()
                .filter(one -> one.info().commandLine().orElse("").contains(mainClass))
                .findFirst()
                .orElseThrow();
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void awaitEvents(Class<? extends ClusterEvent> kind, int count) {
        await().atMost(PATIENCE.multipliedBy(2))
                .untilAsserted(
                        () -> assertThat(diary.of(kind)).as("%s", diary.all()).hasSize(count));
    }
}
