package io.flinkmanaged.testkit;

import io.flinkmanaged.testkit.InMemoryFiles.StoredBytes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** What Flink sees of an {@link InMemoryStorage}. */
final class InMemoryFileSystem extends FileSystem {

    private final URI uri;
    private final InMemoryFiles files;

    InMemoryFileSystem(URI uri, InMemoryFiles files) {
        this.uri = uri;
        this.files = files;
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path(uri);
    }

    @Override
    public Path getHomeDirectory() {
        return new Path(uri);
    }

    @Override
    public boolean isDistributedFS() {
        return true;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        var file = files.find(keyOf(path));
        if (file.isPresent()) {
            return InMemoryFileStatus.ofFile(path, file.get());
        }
        if (files.children(keyOf(path)).isEmpty()) {
            throw new FileNotFoundException(path.toString());
        }
        return InMemoryFileStatus.ofDirectory(path);
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) {
        return new BlockLocation[0];
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return open(path);
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        StoredBytes file = files.find(keyOf(path)).orElseThrow(() -> new FileNotFoundException(path.toString()));
        return new InMemoryInput(file.content());
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus status = getFileStatus(path);
        if (!status.isDir()) {
            return new FileStatus[] {status};
        }
        List<FileStatus> below = new ArrayList<>();
        for (String name : files.children(keyOf(path))) {
            below.add(getFileStatus(new Path(path, name)));
        }
        return below.toArray(FileStatus[]::new);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        if (!recursive && !files.children(keyOf(path)).isEmpty()) {
            throw new IOException(path + ": not empty (expected: an empty directory). Delete recursively.");
        }
        return files.delete(keyOf(path));
    }

    /** Directories need not be made. */
    @Override
    public boolean mkdirs(Path path) {
        return true;
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
        String key = keyOf(path);
        if (mode == WriteMode.OVERWRITE) {
            return new InMemoryOutput(content -> files.write(key, content));
        }
        if (files.find(key).isPresent()) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return new InMemoryOutput(content -> {
            if (!files.createIfAbsent(key, content)) {
                throw new FileAlreadyExistsException(path.toString());
            }
        });
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        files.move(keyOf(from), keyOf(to));
        return true;
    }

    private static String keyOf(Path path) {
        String absolute = path.toUri().getPath();
        return absolute.startsWith("/") ? absolute.substring(1) : absolute;
    }
}
