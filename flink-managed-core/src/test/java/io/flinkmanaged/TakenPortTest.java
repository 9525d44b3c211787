package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger takes the port of a JobManager that has died, and keeps it: whoever is put back dies at its start. */
@Tag("slow")
class TakenPortTest {

    private static final long NUMBERS = 12_000;
    private static final double PER_SECOND = 200;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void aNewEpochOnOtherPortsBeginsAfterSomeLivesWithExactState() throws Exception {
        ClusterSpec spec = TestClusters.spec("flights", temporary.resolve("storage"));
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .withoutClassSharing()
                        .withoutStandbys()
                        .processes(temporary.resolve("processes"));
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob counting = cluster.submit(
                    "counting", environment -> Counting.defineWithFiles(environment, counts, NUMBERS, PER_SECOND));
            counting.awaitRunning(PATIENCE);
            await().atMost(PATIENCE).until(() -> counting.progress().completedCheckpoints() > 1);
            URI former = cluster.webUi();
            cluster.drill().killJobManager();
            try (ServerSocket stranger = new ServerSocket()) {
                stranger.setReuseAddress(true);
                stranger.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), former.getPort()));

                await().atMost(PATIENCE.multipliedBy(3)).untilAsserted(() -> assertThat(diary.of(EpochStarted.class))
                        .as("%s", diary.all())
                        .hasSize(2));
                assertThat(cluster.webUi().getPort()).isNotEqualTo(former.getPort());
                assertThat(diary.of(ProcessRestarted.class)).hasSizeBetween(4, 6);
                assertThat(diary.of(HealthChanged.class)).anySatisfy(changed -> assertThat(changed.reason())
                        .contains("died 4 times in a row soon after its start", "the storage answers"));
                cluster.awaitHealthy(PATIENCE);
                await().atMost(PATIENCE.multipliedBy(3))
                        .until(() -> Counting.files(counts).size() == Counting.KEYS);
            }
        }
        Map<String, String> exact = new TreeMap<>();
        Counting.expected(NUMBERS).forEach((key, count) -> exact.put(key.toString(), count.toString()));
        assertThat(Counting.files(counts)).isEqualTo(exact);
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }
}
