package io.flinkmanaged.aws;

import io.flinkmanaged.storage.bucket.RoutingFileSystemFactory;
import java.net.URI;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.fs.s3native.NativeS3FileSystemFactory;

/**
 * What Flink asks for file systems of the scheme {@code s3} in this JVM; found by Flink, not to be used directly.
 *
 * <p>Flink has one factory a scheme and remembers one file system a bucket, for all clusters of a JVM and for ever. So this
 * one hands out a file system that looks up, at each call, the instance that the clusters which use the bucket now have
 * registered with their credentials. A bucket that no cluster keeps its state in is served as {@code
 * FileSystem.initialize} configured it, by Flink's native S3 file system. So is every bucket in a node that is a process,
 * which loads this class in a plug-in.
 */
public final class RoutingS3FileSystemFactory extends RoutingFileSystemFactory {

    /** For Flink. */
    public RoutingS3FileSystemFactory() {
        super(S3Storage.SCHEME);
    }

    @Override
    public FileSystem create(URI uri) {
        Configuration global = configuration();
        boolean refusesFileSink = S3OnNodes.REFUSED.equals(global.toMap().get(S3OnNodes.FILE_SINK));
        return new RoutedS3FileSystem(uri, S3FileSystems.OF_THIS_JVM, refusesFileSink, () -> {
            NativeS3FileSystemFactory flinks = new NativeS3FileSystemFactory();
            flinks.configure(global);
            return flinks.create(uri);
        });
    }
}
