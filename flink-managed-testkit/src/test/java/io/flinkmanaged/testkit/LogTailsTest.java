package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailsTest {

    @TempDir
    private Path directory;

    @Test
    void theLastLinesOfEachLogAreTold() throws Exception {
        Path node = Files.createDirectories(directory.resolve("node-1/taskmanager/log"));
        Path log = Files.writeString(
                node.resolve("taskmanager.log"),
                IntStream.range(0, 10_000).mapToObj(i -> "line " + i).collect(Collectors.joining("\n")));
        Path out = Files.writeString(node.resolve("taskmanager.out"), "Killed\n");
        Files.createFile(node.resolve("empty.log"));
        Files.writeString(node.resolve("config.yaml"), "no: log");

        assertThat(LogTails.below(directory)).containsOnlyKeys(log, out).containsEntry(out, List.of("Killed"));
        assertThat(LogTails.below(directory).get(log))
                .hasSize(20)
                .startsWith("line 9980")
                .endsWith("line 9999");
    }

    @Test
    void whereNobodyLogsThereIsNothing() {
        assertThat(LogTails.below(directory.resolve("absent"))).isEmpty();
    }
}
