package io.flinkmanaged.aws;

import io.flinkmanaged.storage.bucket.BucketRoutes;
import io.flinkmanaged.storage.bucket.RoutedFileSystem;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.flink.core.fs.ICloseableRegistry;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.PathsCopyingFileSystem;
import org.apache.flink.core.fs.RecoverableWriter;

/**
 * The file system of a bucket of S3, for everybody in this JVM.
 *
 * <p>It also keeps Flink 2.3's native S3 file system from two losses of state: that one says it can copy within S3, and
 * then downloads to the local disk; and it asks for the wrong key if a bulk download's path has a percent sign.
 */
final class RoutedS3FileSystem extends RoutedFileSystem implements PathsCopyingFileSystem {

    private final URI uri;
    private final BucketRoutes<S3FileSystems.Agreed> routes;
    private final boolean refusesFileSink;

    /**
     * Creates a file system.
     *
     * @param uri scheme and bucket
     * @param routes the registered instances
     * @param refusesFileSink whether a bucket is no place for a sink while nobody is registered
     * @param unrouted opens what serves the bucket while nobody is registered
     */
    RoutedS3FileSystem(URI uri, BucketRoutes<S3FileSystems.Agreed> routes, boolean refusesFileSink, Opening unrouted) {
        super(uri, routes, unrouted);
        this.uri = uri;
        this.routes = routes;
        this.refusesFileSink = refusesFileSink;
    }

    @Override
    public RecoverableWriter createRecoverableWriter() throws IOException {
        boolean refused = routes.find(uri.getHost())
                .map(BucketRoutes.Route::configuration)
                .map(agreed -> !agreed.acceptsLossyFileSink())
                .orElse(refusesFileSink);
        if (refused) {
            throw new LossyFileSinkException(uri);
        }
        return super.createRecoverableWriter();
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
}
