package io.flinkmanaged.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the example with its cluster as processes and in one JVM, and with buckets: whatever is killed, the answer is the same. */
@Tag("slow")
class FlightLossesTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "1, taskmanager, file",
        "1, leader, s3",
        "1, node, gcs",
        "3, taskmanager, gcs",
        "3, leader, file",
        "3, node, s3",
        "1, all, s3",
        "3, all, file"
    })
    void theResultIsExactWhateverIsKilled(int nodes, String killed, String storage) throws IOException {
        runsExactly("--launcher=processes", "--nodes=" + nodes, "--kill=" + killed, "--storage=" + storage);
    }

    /** The rest of what the build does in one JVM. */
    @ParameterizedTest
    @CsvSource({"1, node", "3, taskmanager", "3, leader", "1, all", "3, all"})
    void theResultIsExactWhateverIsKilledInOneJvm(int nodes, String killed) throws IOException {
        runsExactly("--launcher=in-process", "--nodes=" + nodes, "--kill=" + killed);
    }

    /** The rest of what the build does with buckets in one JVM. */
    @ParameterizedTest
    @CsvSource({"s3, --kill=taskmanager", "gcs, --lose-everything"})
    void theResultIsExactWithTheStateInABucket(String storage, String loss) throws IOException {
        runsExactly("--duration=5", "--storage=" + storage, loss);
    }

    private void runsExactly(String... options) throws IOException {
        Path file = directory.resolve("delays.csv");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> commandLine = new ArrayList<>(List.of(options));
        commandLine.add("--output=" + file);

        int status = FlightDelaysExample.run(
                commandLine,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(file).hasContent(String.join("\n", Reference.resultLines()));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("20,000 counted", "Lost       ");
    }
}
