package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.launch.process.Host.ProcessStart;
import io.flinkmanaged.model.SystemTimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalHostTest {

    @TempDir
    private Path node;

    private final SystemTimeSource time = new SystemTimeSource();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        List<HostProcess> unused = Ending.end(host().find(node), Duration.ZERO);
        time.close();
    }

    @Test
    void findsWhatItHasStarted() throws IOException {
        Files.createDirectory(node.resolve("taskmanager"));
        HostProcess started = host().start(sleep());
        // It becomes what leads its session a moment after its start.
        await().untilAsserted(() ->
                assertThat(host().find(node)).extracting(HostProcess::id).containsExactly(started.id()));
    }

    /** Whoever hears of a failed start starts another one, and nobody would know of this one. */
    @Test
    void aStartThatFailsLeavesNoProcess() throws IOException {
        Path noDirectory = Files.createFile(node.resolve("taskmanager"));
        assertThatThrownBy(() -> host().start(sleep()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(noDirectory.toString());
        assertThat(host().find(node)).isEmpty();
    }

    /** A daemon that a job has started leads a session, too. */
    @Test
    void tellsWhatItHasStartedFromWhatThatHasStarted() throws IOException {
        Files.createDirectory(node.resolve("taskmanager"));
        Files.createDirectory(node.resolve("jobmanager"));
        String mainClass = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
        HostProcess own = host().start(new ProcessStart(
                node, "jobmanager", "out", List.of("sh", "-c", "read never", mainClass), new TreeMap<>(), false, true));
        HostProcess daemon = host().start(sleep());
        await().untilAsserted(() -> assertThat(host().find(node))
                .extracting(HostProcess::id, HostProcess::isDescendant)
                .containsExactlyInAnyOrder(tuple(own.id(), false), tuple(daemon.id(), true)));
    }

    private LocalHost host() {
        return LocalHost.below(node, time);
    }

    private ProcessStart sleep() {
        return new ProcessStart(node, "taskmanager", "out", List.of("sleep", "600"), new TreeMap<>(), false, false);
    }
}
