package io.flinkmanaged.testkit.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;

/** Moves files to where they count, each once: Flink asks again after a restart for what it does not know to be done. */
final class FileCommitter implements Committer<String> {

    private final Path pending;
    private final Path committed;

    FileCommitter(Path pending, Path committed) {
        this.pending = pending;
        this.committed = committed;
    }

    @Override
    public void commit(Collection<CommitRequest<String>> requests) throws IOException {
        for (CommitRequest<String> request : requests) {
            Path to = committed.resolve(request.getCommittable());
            if (Files.exists(to)) {
                request.signalAlreadyCommitted();
            } else {
                Path unused = Files.move(pending.resolve(request.getCommittable()), to, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    @Override
    public void close() {}
}
