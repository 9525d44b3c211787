package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxMachineTest {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final List<Path> PATH = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    private final ClusterSpec spec =
            ClusterSpec.named("flights").plan(Plans.THREE_NODE_4GB).build();

    @TempDir
    private Path proc;

    @TempDir
    private Path groups;

    @Test
    void refusesAPlanThatIsLargerThanTheMachine() throws IOException {
        has(12_000_000, 12_000_000);
        assertThat(judge(JAVA, PATH))
                .singleElement()
                .satisfies(finding -> assertThat(finding.isError()).isTrue())
                .hasToString("memory of this machine: 11718 MiB (expected: at least 12288 MiB for 3 nodes of plan "
                        + "three-node-4gb). Choose a smaller plan, or a larger machine.");
    }

    @Test
    void advisesIfOthersUseTheMemoryNow() throws IOException {
        has(64_000_000, 4_096_000);
        assertThat(judge(JAVA, PATH)).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isFalse();
            assertThat(finding.value()).isEqualTo("4000 MiB not in use");
        });
    }

    @Test
    void refusesAPlanThatIsLargerThanItsContainer() throws IOException {
        has(64_000_000, 64_000_000);
        isInAContainer();
        write("memory.max", 4_294_967_296L);
        assertThat(judge(JAVA, PATH))
                .singleElement()
                .satisfies(finding -> assertThat(finding.isError()).isTrue())
                .hasToString(
                        "memory limit of this container: 4096 MiB (expected: at least 12288 MiB for 3 nodes of plan "
                                + "three-node-4gb). Choose a smaller plan, or raise the limit of the container, service or "
                                + "control group.");
    }

    @Test
    void whatIsLeftBelowTheLimitIsFreeAndNotWhatTheMachineHas() throws IOException {
        has(64_000_000, 64_000_000);
        isInAContainer();
        write("memory.max", 1_073_741_824);
        write("memory.current", 805_306_368);
        assertThat(machine(PATH).hasFree(MemorySize.ofMebiBytes(256))).isTrue();
        assertThat(machine(PATH).hasFree(MemorySize.ofMebiBytes(257))).isFalse();
    }

    @Test
    void refusesAMachineWithoutTheProgramsThatStartNodes() throws IOException {
        has(64_000_000, 64_000_000);
        assertThat(judge(proc.resolve("bin/java"), List.of(proc)))
                .extracting(Finding::subject)
                .containsExactly("Java for nodes", "program setsid");
    }

    @Test
    void nothingStandsAgainstAMachineThatTellsNothingOfItsMemory() {
        assertThat(judge(JAVA, PATH)).isEmpty();
        assertThat(LinuxMachine.of(Path.of("/proc"), Path.of("/sys/fs/cgroup"))
                        .judge(ClusterSpec.named("a").plan(Plans.TINY).build(), 1, JAVA))
                .noneMatch(Finding::isError);
    }

    private List<Finding> judge(Path java, List<Path> path) {
        return machine(path).judge(spec, spec.plan().nodes(), java);
    }

    private LinuxMachine machine(List<Path> path) {
        return new LinuxMachine(proc, new ControlGroups(groups, proc), path);
    }

    private void isInAContainer() throws IOException {
        Files.writeString(Files.createDirectory(proc.resolve("self")).resolve("cgroup"), "0::/\n");
    }

    private void write(String figure, long bytes) throws IOException {
        Files.writeString(groups.resolve(figure), bytes + "\n");
    }

    private void has(long totalKibi, long availableKibi) throws IOException {
        Files.writeString(
                proc.resolve("meminfo"),
                "MemTotal:       " + totalKibi + " kB\nMemFree:        1 kB\nMemAvailable:   " + availableKibi
                        + " kB\n");
    }
}
