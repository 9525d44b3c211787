package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkDistributionTest {

    @TempDir
    private Path temporary;

    @Test
    void laysOutFlinkAndNothingElseOfTheClassPathOnce() throws IOException {
        Path lib = FlinkDistribution.ofClassPath().layOut(temporary);
        assertThat(FlinkDistribution.ofClassPath().layOut(temporary)).isEqualTo(lib);
        try (Stream<Path> all = Files.list(temporary)) {
            assertThat(all).containsExactly(lib);
        }
        try (Stream<Path> jars = Files.list(lib)) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .contains("flink-runtime-2.3.0.jar", "log4j-core.jar", "slf4j-api.jar", NodeJar.NAME)
                    .noneMatch(
                            name -> name.startsWith("guava") || name.startsWith("assertj") || name.startsWith("junit"))
                    .hasSizeBetween(41, 46);
        }
    }

    /** As a power failure leaves files that were never forced: empty, or of zeros. */
    @Test
    void putsJarsInPlaceAnewThatDoNotHoldWhatTheyShould() throws IOException {
        Path lib = FlinkDistribution.ofClassPath().layOut(temporary);
        Map<String, String> whole = digests(lib);
        Path log4j = lib.resolve("log4j-core.jar");
        byte[] zeros = new byte[(int) Files.size(log4j)];
        Files.write(log4j, zeros);
        // A hard link: what it is linked to must stay as it is.
        Files.delete(lib.resolve("flink-runtime-2.3.0.jar"));
        Files.createFile(lib.resolve("flink-runtime-2.3.0.jar"));
        Files.delete(lib.resolve(NodeJar.NAME));
        Path archive = Files.createDirectories(ClassArchives.allOf(lib).resolve("17"));

        assertThat(FlinkDistribution.ofClassPath().layOut(temporary)).isEqualTo(lib);
        assertThat(digests(lib)).isEqualTo(whole);
        assertThat(archive).doesNotExist();
        assertThat(temporary).isDirectoryNotContaining("glob:**/.new-*");
    }

    @Test
    void refusesAClassPathOfNestedJarsWithTheRemedy() {
        assertThatThrownBy(() -> FlinkJars.pick(List.of(Path.of("/app/application.jar"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("flink-runtime")
                .hasMessageContaining("FlinkDistribution.at(home)");
    }

    @Test
    void refusesAClassPathWithAnotherVersionOrTwo() {
        assertThatThrownBy(() -> FlinkJars.pick(List.of(Path.of("/m2/flink-core-2.2.0.jar"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[flink-core-2.2.0.jar] (expected: version 2.3.0 of each")
                .hasMessageContaining("dependencyManagement");
        List<Path> mixed = new ArrayList<>(FlinkJars.ofClassPath());
        mixed.add(Path.of("/m2/flink-runtime-2.3.1.jar"));
        assertThatThrownBy(() -> FlinkJars.pick(mixed))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[flink-runtime-2.3.1.jar]");
    }

    @Test
    void expectsTheVersionThatTheBuildRendersFor() {
        assertThat(Path.of("../pom.xml"))
                .content()
                .contains("<flink.version>" + FlinkDistribution.EXPECTED_VERSION + "</flink.version>");
    }

    private static Map<String, String> digests(Path lib) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar : jars.toList()) {
                digests.put(jar.getFileName().toString(), Digests.sha256(jar));
            }
        }
        return digests;
    }

    @Test
    void refusesAnotherVersionAndNone() throws IOException {
        assertThatThrownBy(() -> FlinkDistribution.at(temporary))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no flink-dist");
        Files.createFile(Files.createDirectories(temporary.resolve("lib")).resolve("flink-dist-1.20.0.jar"));
        assertThatThrownBy(() -> FlinkDistribution.at(temporary))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1.20.0 (expected: 2.3.0)");
    }
}
