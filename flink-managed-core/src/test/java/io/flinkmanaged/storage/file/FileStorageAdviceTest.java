package io.flinkmanaged.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.Finding;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageAdviceTest {

    private static final Path STATE = Path.of("/state");
    private static final long ENOUGH = 1L << 40;

    @TempDir
    private Path directory;

    @Test
    void isSilentAboutADiskWithRoom() {
        assertThat(FileStorageAdvice.of(STATE, "ext4", ENOUGH)).isEmpty();
    }

    @Test
    void warnsOfStateThatIsGoneAfterTheNextStartOfTheMachine() {
        assertThat(FileStorageAdvice.of(STATE, "tmpfs", ENOUGH))
                .singleElement()
                .hasToString(
                        "storage /state: tmpfs (expected: a file system on a disk, since this one is empty after the "
                                + "machine's next start). Name a directory elsewhere with FileStorage.at(…), if the state is to "
                                + "outlive the machine's memory.");
    }

    @Test
    void saysHowLittleIsFree() {
        assertThat(FileStorageAdvice.of(STATE, "ext4", 512 << 20))
                .singleElement()
                .satisfies(advice -> assertThat(advice.isError()).isFalse())
                .satisfies(advice -> assertThat(advice.value()).startsWith("512"))
                .satisfies(advice -> assertThat(advice.expected()).startsWith("at least 1 gb"));
    }

    @Test
    void looksAtTheDirectoryItself() throws Exception {
        assertThat(FileStorageAdvice.on(directory)).noneMatch(Finding::isError);
    }
}
