package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {

    @TempDir
    private Path root;

    @TempDir
    private Path proc;

    private ControlGroups groups;

    @BeforeEach
    void look() {
        groups = new ControlGroups(root, proc);
    }

    @Test
    void aContainerIsLimitedByTheOneGroupThatItSees() throws IOException {
        isIn("0::/");
        write("memory.max", "1000");
        write("memory.current", "700");
        write("memory.stat", "anon 400\ninactive_file 200\n");
        assertThat(groups.limit()).hasValue(1000);
        assertThat(groups.free()).hasValue(500);
    }

    @Test
    void theLowestLimitOfAServiceAndOfTheGroupsAboveItCounts() throws IOException {
        isIn("0::/system.slice/app.service");
        write("system.slice/memory.max", "2000");
        write("system.slice/memory.current", "1900");
        write("system.slice/app.service/memory.max", "1000");
        write("system.slice/app.service/memory.current", "10");
        assertThat(groups.limit()).hasValue(1000);
        assertThat(groups.free()).hasValue(100);
    }

    @Test
    void theFirstVersionOfThemIsReadToo() throws IOException {
        isIn("5:cpu,cpuacct:/docker/0a1b", "4:memory:/docker/0a1b", "0::/");
        write("memory/memory.limit_in_bytes", "1000");
        write("memory/memory.usage_in_bytes", "700");
        write("memory/memory.stat", "inactive_file 1\ntotal_inactive_file 200\n");
        assertThat(groups.limit()).hasValue(1000);
        assertThat(groups.free()).hasValue(500);
    }

    @Test
    void nothingIsLimitedWhereNoLimitIsSetOrNothingIsTold() throws IOException {
        assertThat(groups.limit()).isEmpty();
        isIn("0::/../elsewhere", "nonsense");
        write("memory.max", "max");
        write("memory.current", "700");
        assertThat(groups.limit()).isEmpty();
        assertThat(groups.free()).isEmpty();
    }

    private void isIn(String... lines) throws IOException {
        Files.writeString(
                Files.createDirectories(proc.resolve("self")).resolve("cgroup"), String.join("\n", lines) + "\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, text);
    }
}
