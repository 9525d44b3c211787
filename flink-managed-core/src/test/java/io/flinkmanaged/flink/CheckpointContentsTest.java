package io.flinkmanaged.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.storage.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointContentsTest {

    @TempDir
    private Path directory;

    /** Flink looks at the directory while it reads relative paths; its trouble with that says nothing of the metadata. */
    @Test
    void takesMetadataForDamagedOnlyIfItsBytesAreWrong() throws Exception {
        byte[] metadata = Files.readAllBytes(relative().resolve("_metadata"));
        assertThat(CheckpointContents.parse(metadata, "file://" + directory).files())
                .containsOnlyKeys(new org.apache.flink.core.fs.Path("file:" + directory + "/keyed"));
        assertThatThrownBy(() -> CheckpointContents.parse(metadata, "no-such-scheme://bucket/chk-4"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("no-such-scheme://bucket/chk-4 cannot be looked at");
    }

    @Test
    void tellsWhichFilesAreNamedByAbsolutePaths() throws Exception {
        String uri = "file://" + directory;
        byte[] relative = Files.readAllBytes(relative().resolve("_metadata"));
        assertThat(CheckpointContents.parse(relative, uri).absoluteFiles()).isEmpty();
        byte[] absolute = Files.readAllBytes(CheckpointFiles.write(directory, 4).resolve("_metadata"));
        assertThat(CheckpointContents.parse(absolute, uri).absoluteFiles()).hasSize(2);
    }

    private Path relative() {
        return CheckpointFiles.write(
                directory,
                4,
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(CheckpointFiles.keyed(new RelativeFileStateHandle(
                                new org.apache.flink.core.fs.Path("file://" + directory + "/keyed"), "keyed", 64)))
                        .build());
    }
}
