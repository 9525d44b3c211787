package io.flinkmanaged.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {

    @TempDir
    private Path temporary;

    @Test
    void oneThatCannotBeMadeIsNamedWithWhatToDo() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> Directories.create(file.resolve("nodes")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("directory " + file.resolve("nodes") + ": cannot be made: ")
                .hasMessageEndingWith(
                        "(expected: one that this process may make, on a disk with room). Make room on the "
                                + "disk, or let this process's user write there.");
    }

    @Test
    void deletesAllButWhatIsKeptAndWhereItIs() throws IOException {
        Path node = temporary.resolve("node");
        Path kept = write("node/jobmanager/log/jobmanager.log");
        Path beside = write("node/jobmanager/conf/config.yaml");
        Path data = write("node/taskmanager/data/spilled");

        Directories.deleteAllBut(node, Set.of(node.resolve("jobmanager/log"), node.resolve("zookeeper/log")));

        assertThat(kept).exists();
        assertThat(beside).doesNotExist();
        assertThat(data).doesNotExist();
        assertThat(node).isDirectoryNotContaining("glob:**/taskmanager");
        Directories.deleteTree(node);
        assertThat(node).doesNotExist();
        Directories.deleteAllBut(node, Set.of());
    }

    private Path write(String name) throws IOException {
        Path file = temporary.resolve(name);
        Files.createDirectories(file.resolveSibling(".").normalize());
        return Files.createFile(file);
    }
}
