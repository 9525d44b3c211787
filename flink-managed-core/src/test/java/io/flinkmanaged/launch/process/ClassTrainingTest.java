package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ProcessesBelow;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class ClassTrainingTest {

    @RegisterExtension
    private final LaunchPlace place = new LaunchPlace();

    @Test
    void processesStartFromArchivesThatTheFirstLaunchHasHadMade() throws Exception {
        try (ProcessLauncher launcher = place.launcherWithArchives()) {
            LaunchedCluster first = launcher.launch(place.order(), () -> {});
            assertThat(mapped()).isEmpty();
            await().atMost(Duration.ofMinutes(5)).until(() -> archives().size() == 3);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !Files.exists(place.home().resolve("training")));
            assertThat(first.stop()).isEqualTo(StopConfirmation.CONFIRMED);

            LaunchedCluster second = launcher.launch(place.order(), () -> {});
            assertThat(mapped()).containsExactlyInAnyOrderElementsOf(archives());
            assertThat(second.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        }
        assertThat(place.living()).isEmpty();
    }

    @Test
    void aLauncherThatIsClosedLeavesNothingOfATraining() throws Exception {
        try (ProcessLauncher launcher = place.launcherWithArchives()) {
            LaunchedCluster cluster = launcher.launch(place.order(), () -> {});
            await().atMost(Duration.ofMinutes(2)).until(() -> !LocalHost.below(place.directory(), place.time())
                    .find(place.home().resolve("training"))
                    .isEmpty());
            assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        }
        assertThat(place.living()).isEmpty();
        assertThat(place.home().resolve("training")).doesNotExist();
        assertThat(archives()).isEmpty();
    }

    /** The archives that the living processes have mapped, as the operating system knows. */
    private List<Path> mapped() throws IOException {
        return ProcessesBelow.of(place.directory()).stream()
                .flatMap(process -> linesOf(Path.of("/proc", Long.toString(process.pid()), "maps")))
                .filter(line ->
                        line.endsWith(".jsa") && line.contains(place.directory().toString()))
                .map(line -> Path.of(line.substring(line.indexOf('/'))))
                .distinct()
                .toList();
    }

    private static Stream<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> all = Files.walk(place.home().resolve("distributions"))) {
            return all.filter(path -> path.toString().endsWith(".jsa")).toList();
        }
    }
}
