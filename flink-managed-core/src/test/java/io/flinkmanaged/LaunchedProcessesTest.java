package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM launched, and did not live to close. */
@Tag("slow")
class LaunchedProcessesTest {

    @TempDir
    private Path temporary;

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void endWithTheJvmThatLaunchedThemAndDoNotStandInTheWayOfTheNextLaunch() throws Exception {
        Path nodes = temporary.resolve("processes");
        Path storage = temporary.resolve("storage");
        Process embedder = EmbedderProgram.start(LaunchingProgram.class, List.of(nodes.toString(), storage.toString()));
        try {
            EmbedderProgram.awaitRunning(embedder);
            assertThat(ProcessesBelow.of(temporary)).hasSize(3);
        } finally {
            EmbedderProgram.kill(embedder);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ProcessesBelow.of(temporary)).isEmpty());

        ClusterSpec spec = TestClusters.spec("launched", storage);
        try (ManagedFlink flink = ManagedFlink.configure().withoutClassSharing().processes(nodes);
                ManagedCluster next = flink.launch(spec)) {
            assertThat(next.epoch()).isEqualTo(2);
        }
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }
}
