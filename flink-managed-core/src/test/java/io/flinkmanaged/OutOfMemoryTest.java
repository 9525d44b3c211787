package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
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

/** A job takes all memory of the TaskManager that another one shares with it. */
@Tag("slow")
class OutOfMemoryTest {

    private static final long NUMBERS = 6000;
    private static final double PER_SECOND = 200;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void aTaskManagerWithoutMemoryEndsAndIsReplacedWithExactState() throws Exception {
        ClusterSpec spec = TestClusters.spec("flights", temporary.resolve("storage"));
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .withoutClassSharing()
                        .processes(temporary.resolve("processes"));
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob counting = cluster.submit(
                    "counting", environment -> Counting.defineWithFiles(environment, counts, NUMBERS, PER_SECOND));
            counting.awaitRunning(PATIENCE);
            ManagedJob greedy =
                    cluster.submit("greedy", environment -> Greedy.define(environment, temporary.resolve("begun")));

            greedy.awaitFinished(PATIENCE.multipliedBy(2));
            assertThat(diary.of(TaskManagerLost.class)).singleElement().satisfies(lost -> assertThat(lost.cause())
                    .isEqualTo("it ended with status 3, out of memory"));
            cluster.awaitHealthy(PATIENCE);
            await().atMost(PATIENCE.multipliedBy(2))
                    .until(() -> Counting.files(counts).size() == Counting.KEYS);
            assertThat(diary.of(EpochStarted.class)).hasSize(1);
        }
        Map<String, String> exact = new TreeMap<>();
        Counting.expected(NUMBERS).forEach((key, count) -> exact.put(key.toString(), count.toString()));
        assertThat(Counting.files(counts)).isEqualTo(exact);
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }
}
