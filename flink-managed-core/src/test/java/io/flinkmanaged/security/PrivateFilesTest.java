package io.flinkmanaged.security;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {

    private static final String REMEDY =
            " (expected: possible for this process, on a disk with room). Make room on the "
                    + "disk, or let this process's user write there.";

    @TempDir
    private Path temporary;

    @Test
    void whatCannotBeWrittenIsNamedWithWhatToDo() {
        Path file = temporary.resolve("absent/key.pem");
        assertThatThrownBy(() -> PrivateFiles.createIfAbsent(file, "a key"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("file " + file + ": cannot be written: ")
                .hasMessageEndingWith(REMEDY)
                .hasMessageNotContaining("a key");
        assertThatThrownBy(() -> PrivateFiles.replace(file, new byte[0]))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("file " + file + ": cannot be written: ")
                .hasMessageEndingWith(REMEDY);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamedWithWhatToDo() throws IOException {
        Path directory = Files.createFile(temporary.resolve("file")).resolve("keys");
        assertThatThrownBy(() -> PrivateFiles.directory(directory))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("directory " + directory + " for private keys: cannot be made: ")
                .hasMessageEndingWith(REMEDY);
    }
}
