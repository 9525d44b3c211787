package io.flinkmanaged.testkit;

import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** Opens {@link InMemoryStorage} for Flink; found by Flink, not to be used directly. */
public final class InMemoryFileSystemFactory implements FileSystemFactory {

    /** For Flink. */
    public InMemoryFileSystemFactory() {}

    @Override
    public String getScheme() {
        return InMemoryStorage.SCHEME;
    }

    @Override
    public FileSystem create(URI uri) throws IOException {
        return InMemoryFiles.find(uri)
                .map(files -> new InMemoryFileSystem(uri, files))
                .orElseThrow(() -> new IOException(uri
                        + ": no in-memory storage of this JVM (expected: one that is not closed). Use "
                        + "InMemoryStorage.create().location(), with a cluster in this JVM."));
    }
}
