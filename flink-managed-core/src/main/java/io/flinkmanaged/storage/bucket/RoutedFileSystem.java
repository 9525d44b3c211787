package io.flinkmanaged.storage.bucket;

import io.flinkmanaged.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.jspecify.annotations.Nullable;

/**
 * The file system of a bucket, for everybody in this JVM: each call goes to the instance that is registered now. Turns
 * unchecked exceptions of a vendor's client into the {@code IOException}s that Flink expects.
 *
 * <p>Flink has one factory a scheme and remembers one file system a bucket, for all clusters of a JVM and for ever, so that
 * one is this.
 */
public class RoutedFileSystem extends FileSystem {

    private final URI uri;
    private final BucketRoutes<?> routes;
    private final Opening unrouted;
    private @Nullable FileSystem opened;

    /**
     * Creates a file system.
     *
     * @param uri scheme and bucket
     * @param routes the registered instances
     * @param unrouted opens what serves the bucket while nobody is registered
     */
    public RoutedFileSystem(URI uri, BucketRoutes<?> routes, Opening unrouted) {
        this.uri = uri;
        this.routes = routes;
        this.unrouted = unrouted;
    }

    /**
     * Makes sure that Flink has this file system for a bucket. Its table is the JVM's, and may have been filled before, by
     * somebody who did not see ours.
     *
     * @param uri scheme and bucket
     * @param factory ours
     * @param artifact that the factory is in
     * @throws StorageException if another one is in charge
     */
    public static void requireInCharge(String uri, Class<?> factory, String artifact) {
        FileSystem found;
        try {
            found = FileSystem.getUnguardedFileSystem(URI.create(uri));
        } catch (IOException e) {
            throw inCharge(uri, e.toString(), factory, artifact, e);
        }
        boolean limited = found.getClass().getSimpleName().equals("LimitedConnectionsFileSystem");
        if (!(found instanceof RoutedFileSystem) && !limited) {
            throw inCharge(uri, found.getClass().getName(), factory, artifact, null);
        }
    }

    private static StorageException inCharge(
            String uri, String found, Class<?> factory, String artifact, @Nullable Exception cause) {
        return new StorageException(
                uri + ": served in this JVM by " + found + " (expected: " + factory.getName()
                        + "). Somebody initialized Flink's file systems without " + artifact + " in view, or "
                        + "gave another one precedence with fs."
                        + URI.create(uri).getScheme() + ".priority.*: call FileSystem.initialize(…) again, from "
                        + "a thread whose context class loader sees it.",
                cause);
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
        return ask(FileSystem::createRecoverableWriter);
    }

    /**
     * Asks the instance that serves the bucket now.
     *
     * @param question what to ask
     * @param <T> the answer
     * @return the answer
     * @throws IOException if the instance fails, however it does
     */
    protected final <T> T ask(Question<T> question) throws IOException {
        FileSystem files = instance();
        try {
            return question.to(files);
        } catch (UnsupportedOperationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IOException("The storage did not do what was asked of " + uri + ": " + e.getMessage(), e);
        }
    }

    private FileSystem instance() throws IOException {
        Optional<FileSystem> registered = routes.find(uri.getHost()).map(BucketRoutes.Route::files);
        return registered.isPresent() ? registered.get() : unrouted();
    }

    private synchronized FileSystem unrouted() throws IOException {
        try {
            if (opened == null) {
                opened = unrouted.open();
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    uri + ": no open cluster of this process keeps its state there, and Flink has no configuration "
                            + "for it (expected: one of both). Launch the cluster first, or call FileSystem.initialize "
                            + "with the " + uri.getScheme() + ".* keys of this bucket.",
                    e);
        }
    }

    /** Opens a file system. */
    @FunctionalInterface
    public interface Opening {

        /**
         * Opens it.
         *
         * @throws IOException if it cannot be opened
         */
        FileSystem open() throws IOException;
    }

    /**
     * Something that is asked of a file system.
     *
     * @param <T> the answer
     */
    @FunctionalInterface
    protected interface Question<T> {

        /**
         * Asks.
         *
         * @param files of whom
         * @throws IOException if it fails
         */
        T to(FileSystem files) throws IOException;
    }
}
