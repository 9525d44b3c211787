package io.flinkmanaged.testkit.proof;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.jspecify.annotations.Nullable;

/** Writes the numbers between two checkpoints to a file of its own, one a line. Its state is empty at each checkpoint. */
final class PendingFileWriter implements CommittingSinkWriter<Long, String> {

    private final Path pending;
    private @Nullable Path file;
    private @Nullable Writer open;

    PendingFileWriter(Path pending) {
        this.pending = pending;
    }

    @Override
    public void write(Long number, Context context) throws IOException {
        if (open == null) {
            file = Files.createTempFile(pending, "numbers-", "");
            open = Files.newBufferedWriter(file);
        }
        open.write(number + "\n");
    }

    @Override
    public Collection<String> prepareCommit() throws IOException {
        if (open == null || file == null) {
            return List.of();
        }
        close();
        return List.of(file.getFileName().toString());
    }

    @Override
    public void flush(boolean endOfInput) {
        // Followed by prepareCommit, which closes the file.
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
