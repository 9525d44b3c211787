package io.flinkmanaged.testkit;

import io.flinkmanaged.testkit.InMemoryFiles.StoredBytes;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** What Flink is told of a file or directory in memory. */
final class InMemoryFileStatus implements FileStatus {

    private final Path path;
    private final boolean directory;
    private final long length;
    private final long writtenAt;

    private InMemoryFileStatus(Path path, boolean directory, long length, long writtenAt) {
        this.path = path;
        this.directory = directory;
        this.length = length;
        this.writtenAt = writtenAt;
    }

    static InMemoryFileStatus ofFile(Path path, StoredBytes file) {
        return new InMemoryFileStatus(
                path, false, file.content().length, file.writtenAt().toEpochMilli());
    }

    static InMemoryFileStatus ofDirectory(Path path) {
        return new InMemoryFileStatus(path, true, 0, 0);
    }

    @Override
    public long getLen() {
        return length;
    }

    @Override
    public long getBlockSize() {
        return Math.max(1, length);
    }

    @Override
    public short getReplication() {
        return 1;
    }

    @Override
    public long getModificationTime() {
        return writtenAt;
    }

    @Override
    public long getAccessTime() {
        return 0;
    }

    @Override
    public boolean isDir() {
        return directory;
    }

    @Override
    public Path getPath() {
        return path;
    }
}
