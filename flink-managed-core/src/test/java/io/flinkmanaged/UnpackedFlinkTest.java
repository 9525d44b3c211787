package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.launch.process.FlinkDistribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes run an unpacked Flink: its jars, its Log4j, and what this library adds to them. */
@Tag("slow")
class UnpackedFlinkTest {

    @TempDir
    private Path temporary;

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void nodesRunTheFlinkThatIsUnpackedSomewhere() throws Exception {
        FlinkDistribution unpacked = FlinkDistribution.at(unpack());
        try (ManagedFlink flink = ManagedFlink.configure()
                        .distribution(unpacked)
                        .withoutClassSharing()
                        .withoutStandbys()
                        .processes(temporary.resolve("processes"));
                ManagedCluster cluster = flink.launch(TestClusters.spec("unpacked", temporary.resolve("storage")))) {
            assertThat(jarsOf(ProcessesBelow.of(temporary))).allMatch(jars -> jars.contains("flink-dist-2.3.0.jar"));
            ManagedJob job = cluster.submit("counting", environment -> {
                environment.fromSequence(1, 100).print();
                environment.execute();
            });
            job.awaitFinished(PATIENCE);
        }
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }

    /** The same classes as in Flink's archive, in more jars: it is not downloaded for a test. */
    private Path unpack() throws IOException {
        Path home = temporary.resolve("flink-2.3.0");
        Path lib = Files.createDirectories(home.resolve("lib"));
        new JarOutputStream(Files.newOutputStream(lib.resolve("flink-dist-2.3.0.jar"))).close();
        Path laidOut = FlinkDistribution.ofClassPath().layOut(temporary.resolve("laid-out"));
        try (Stream<Path> jars = Files.list(laidOut)) {
            for (Path jar : jars.filter(jar -> !jar.getFileName().toString().startsWith("flink-managed"))
                    .toList()) {
                Path unused = Files.copy(jar, lib.resolve(jar.getFileName()));
            }
        }
        return home;
    }

    private static List<List<String>> jarsOf(List<ProcessHandle> processes) {
        assertThat(processes).hasSize(3);
        return processes.stream().map(UnpackedFlinkTest::jarsOf).toList();
    }

    /** A wildcard on its class path stands for these. */
    private static List<String> jarsOf(ProcessHandle process) {
        List<String> arguments = List.of(process.info().arguments().orElseThrow());
        Path directory = Path.of(arguments.get(arguments.indexOf("-cp") + 1)).resolveSibling("");
        try (Stream<Path> jars = Files.list(directory)) {
            return jars.map(jar -> jar.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
