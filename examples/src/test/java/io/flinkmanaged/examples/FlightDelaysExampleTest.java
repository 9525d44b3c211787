package io.flinkmanaged.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the example as a person does, in this JVM. */
class FlightDelaysExampleTest {

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void tellsHowALostTaskManagerIsHealedAndLeavesOnlyTheResult() throws IOException {
        Path file = directory.resolve("delays.csv");
        Set<Path> before = workspaces();

        int status = run("--output", file.toString(), "--duration", "3");

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(file).hasContent(String.join("\n", Reference.resultLines()));
        assertThat(told())
                .contains("Web UI: http://", "LOST ", "REPLACED ", "20,000 counted", "Detected ", "Came back ")
                .contains(file.toString());
        assertThat(workspaces()).isEqualTo(before);
        assertThat(directory).isDirectoryContaining(file::equals).isDirectoryNotContaining(path -> !path.equals(file));
    }

    /** Before the first checkpoint, and when little or nothing but the last checkpoint is left to do. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {0, 95, 100})
    void theResultIsExactWheneverTheTaskManagerIsLost(int percent) throws IOException {
        Path file = directory.resolve("delays.csv");

        int status = run("--output", file.toString(), "--duration", "2", "--kill-at", String.valueOf(percent));

        assertThat(status).isZero();
        assertThat(file).hasContent(String.join("\n", Reference.resultLines()));
    }

    /** In one JVM the JobManager takes the whole epoch with it, and a node is its TaskManager, which may have had no task. */
    @ParameterizedTest
    @CsvSource({"1, leader", "3, node"})
    void theResultIsExactWhateverElseIsLost(int nodes, String loss) throws IOException {
        Path file = directory.resolve("delays.csv");

        int status =
                run("--output", file.toString(), "--duration", "3", "--nodes", String.valueOf(nodes), "--kill", loss);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(file).hasContent(String.join("\n", Reference.resultLines()));
        assertThat(told()).contains("20,000 counted", "Lost       the ");
    }

    @Test
    void rebuildsTheClusterFromItsStorageAloneAfterEverythingElseIsLost() throws IOException {
        Path file = directory.resolve("delays.csv");
        Set<Path> before = workspaces();

        int status = run("--output", file.toString(), "--duration", "5", "--lose-everything");

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(file).hasContent(String.join("\n", Reference.resultLines()));
        assertThat(told())
                .contains("LOST      process ", "nothing but the state storage is left", "20,000 counted")
                .contains("Lost       everything but the state storage, after ", "Came back  from checkpoint ");
        assertThat(workspaces()).isEqualTo(before);
    }

    /** A lost TaskManager, and then everything but the bucket. */
    @ParameterizedTest
    @CsvSource({"s3, --lose-everything", "gcs, --kill=taskmanager"})
    void theResultIsExactWithTheStateInABucket(String storage, String loss) throws IOException {
        Path file = directory.resolve("delays.csv");
        Set<Path> before = workspaces();

        int status = run("--output", file.toString(), "--duration", "5", "--storage", storage, loss);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(file).hasContent(String.join("\n", Reference.resultLines()));
        assertThat(told()).contains("20,000 counted", "Came back ");
        assertThat(workspaces()).isEqualTo(before);
    }

    @Test
    void nothingIsLostUnlessAsked() throws IOException {
        Path file = directory.resolve("delays.csv");

        int status = run("--output", file.toString(), "--duration=1", "--kill=nothing");

        assertThat(status).isZero();
        assertThat(file).hasContent(String.join("\n", Reference.resultLines()));
        assertThat(told()).doesNotContain("LOST ").contains("Lost       nothing");
    }

    @Test
    void helpListsEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(told())
                .contains(
                        "--output",
                        "--duration",
                        "--kill ",
                        "--kill-at",
                        "--launcher",
                        "--nodes",
                        "--lose-everything",
                        "--help");
    }

    @Test
    void aBadOptionIsSaidInOneSentence() {
        assertThat(run("--frobnicate")).isEqualTo(2);
        assertThat(told()).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).singleElement().satisfies(sentence -> assertThat(
                        sentence)
                .startsWith("option: --frobnicate (expected: ")
                .contains("--kill-at"));
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidBeforeAnythingIsStarted() throws IOException {
        Path notADirectory = Files.writeString(directory.resolve("file"), "");

        assertThat(run("--output", notADirectory.resolve("delays.csv").toString()))
                .isEqualTo(1);
        assertThat(told()).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("FAILED: ").contains(notADirectory.toString());
    }

    private int run(String... args) {
        return FlightDelaysExample.run(
                List.of(args),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Set<Path> workspaces() throws IOException {
        try (Stream<Path> files = Files.list(TEMPORARY)) {
            return files.filter(file -> file.getFileName().toString().startsWith("flight-delays-"))
                    .collect(Collectors.toSet());
        }
    }
}
