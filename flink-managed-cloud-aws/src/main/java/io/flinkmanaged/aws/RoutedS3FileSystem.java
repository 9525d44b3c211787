package io.flinkmanaged.aws;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.ICloseableRegistry;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.PathsCopyingFileSystem;
import org.apache.flink.core.fs.RecoverableWriter;
import org.jspecify.annotations.Nullable;

/**
 * The file system of a bucket, for everybody in this JVM: each call goes to the instance that is registered now.
 *
 * <p>It also keeps Flink 2.3's native S3 file system from two losses of state: that one says it can copy within S3, and
 * then downloads to the local disk; and it asks for the wrong key if a bulk download's path has a percent sign. And it
 * turns the AWS SDK's unchecked exceptions into the {@code IOException}s that Flink expects.
 */
final class RoutedS3FileSystem extends FileSystem implements PathsCopyingFileSystem {

    private final URI uri;
    private final S3Routes routes;
    private final Opening unrouted;
    private @Nullable FileSystem opened;

    /**
     * Creates a file system.
     *
     * @param uri scheme and bucket
     * @param routes the registered instances
     * @param unrouted opens what serves the bucket while nobody is registered
     */
    RoutedS3FileSystem(URI uri, S3Routes routes, Opening unrouted) {
        this.uri = uri;
        this.routes = routes;
        this.unrouted = unrouted;
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
        return ask(files -> files.getFileStatus(path));
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) throws IOException {
        return ask(files -> files.getFileBlockLocations(file, start, length));
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return ask(files -> files.open(path, bufferSize));
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        return ask(files -> files.open(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return ask(files -> files.listStatus(path));
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return ask(files -> files.exists(path));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return ask(files -> files.delete(path, recursive));
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        return ask(files -> files.mkdirs(path));
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
        return ask(files -> files.create(path, mode));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return ask(files -> files.rename(from, to));
    }

    @Override
    public RecoverableWriter createRecoverableWriter() throws IOException {
        Optional<S3Routes.Route> route = routes.find(uri.getHost());
        if (route.isPresent() && !route.get().acceptsLossyFileSink()) {
            throw new LossyFileSinkException(uri);
        }
        return ask(FileSystem::createRecoverableWriter);
    }

    /** From S3 to this machine, with a key that the native file system does not garble. */
    @Override
    public boolean canCopyPaths(Path source, Path destination) throws IOException {
        boolean toThisMachine = destination.toUri().getScheme() == null
                || destination.toUri().getScheme().equals("file");
        boolean plainKey = source.toUri().getRawPath().equals(source.toUri().getPath());
        boolean fromHere = uri.getHost().equals(source.toUri().getHost());
        return fromHere && toThisMachine && plainKey && ask(files -> files.canCopyPaths(source, destination));
    }

    @Override
    public void copyFiles(List<CopyRequest> requests, ICloseableRegistry closeables) throws IOException {
        for (CopyRequest request : requests) {
            if (!canCopyPaths(request.getSource(), request.getDestination())) {
                throw new UnsupportedOperationException(
                        "copy " + request + ": not in bulk (expected: from S3 to this machine). Copy it as a stream.");
            }
        }
        boolean unused = ask(files -> {
            ((PathsCopyingFileSystem) files).copyFiles(requests, closeables);
            return true;
        });
    }

    private <T> T ask(Question<T> question) throws IOException {
        FileSystem files = instance();
        try {
            return question.to(files);
        } catch (UnsupportedOperationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IOException("S3 did not do what was asked of " + uri + ": " + e.getMessage(), e);
        }
    }

    private FileSystem instance() throws IOException {
        Optional<S3Routes.Route> route = routes.find(uri.getHost());
        return route.isPresent() ? route.get().files() : unrouted();
    }

    private synchronized FileSystem unrouted() throws IOException {
        try {
            if (opened == null) {
                opened = unrouted.open();
            }
            return opened;
        } catch (RuntimeException e) {
            throw new IOException(
                    uri + ": no open cluster of this process keeps its state there, and Flink has no configuration "
                            + "for it (expected: one of both). Launch the cluster first, or call FileSystem.initialize "
                            + "with the s3.* keys of this bucket.",
                    e);
        }
    }

    /** Opens a file system. */
    @FunctionalInterface
    interface Opening {
        FileSystem open() throws IOException;
    }

    @FunctionalInterface
    private interface Question<T> {
        T to(FileSystem files) throws IOException;
    }
}
