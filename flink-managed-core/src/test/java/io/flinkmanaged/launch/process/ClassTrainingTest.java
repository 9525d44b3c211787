package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ProcessesBelow;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ClassTrainingTest {

    @TempDir
    private Path temporary;

    private final SystemTimeSource time = new SystemTimeSource();

    @AfterEach
    void killWhatIsLeft() throws Exception {
        Ending.end(LocalHost.below(temporary, time).find(temporary), Duration.ZERO);
        time.close();
    }

    @Test
    void processesStartFromArchivesThatTheFirstLaunchHasHadMade() throws Exception {
        try (ProcessLauncher launcher = launcher()) {
            LaunchedCluster first = launcher.launch(order(), () -> {});
            assertThat(mapped()).isEmpty();
            await().atMost(Duration.ofMinutes(5)).until(() -> archives().size() == 3);
            await().atMost(Duration.ofMinutes(1)).until(() -> !Files.exists(home().resolve("training")));
            assertThat(first.stop()).isEqualTo(StopConfirmation.CONFIRMED);

            LaunchedCluster second = launcher.launch(order(), () -> {});
            assertThat(mapped()).containsExactlyInAnyOrderElementsOf(archives());
            assertThat(second.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        }
        assertThat(LocalHost.below(temporary, time).find(temporary)).isEmpty();
    }

    @Test
    void aLauncherThatIsClosedLeavesNothingOfATraining() throws Exception {
        try (ProcessLauncher launcher = launcher()) {
            LaunchedCluster cluster = launcher.launch(order(), () -> {});
            await().atMost(Duration.ofMinutes(2)).until(() -> !LocalHost.below(temporary, time)
                    .find(home().resolve("training"))
                    .isEmpty());
            assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        }
        assertThat(LocalHost.below(temporary, time).find(temporary)).isEmpty();
        assertThat(home().resolve("training")).doesNotExist();
        assertThat(archives()).isEmpty();
    }

    /** The archives that the living processes have mapped, as the operating system knows. */
    private List<Path> mapped() throws IOException {
        return ProcessesBelow.of(temporary.toRealPath()).stream()
                .flatMap(process -> linesOf(Path.of("/proc", Long.toString(process.pid()), "maps")))
                .filter(line -> line.endsWith(".jsa") && line.contains(temporary.toString()))
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
        try (Stream<Path> all = Files.walk(home().resolve("distributions"))) {
            return all.filter(path -> path.toString().endsWith(".jsa")).toList();
        }
    }

    private ProcessLauncher launcher() {
        return new ProcessLauncher(
                home(),
                new NodeOptions(FlinkDistribution.ofClassPath(), Traffic.TLS, true, true, false, AllowedSources.NONE),
                time,
                Secrets.of(List.of()));
    }

    private Path home() {
        return temporary.resolve("home");
    }

    private LaunchOrder order() {
        return new LaunchOrder(
                ClusterSpec.named("flights").plan(Plans.TINY).taskSlots(2).build(),
                new Epoch(1),
                temporary.resolve("unused"),
                temporary.resolve("ha").toUri().toString(),
                List.of(),
                Optional::empty);
    }
}
