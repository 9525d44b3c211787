package io.flinkmanaged.gcp;

import io.flinkmanaged.storage.bucket.RoutedFileSystem;
import io.flinkmanaged.storage.bucket.RoutingFileSystemFactory;
import java.net.URI;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;

/**
 * What Flink asks for file systems of the scheme {@code gs} in this JVM; found by Flink, not to be used directly.
 *
 * <p>It hands out a file system that looks up, at each call, the instance that the clusters which use the bucket now have
 * registered with their credentials. A bucket that no cluster keeps its state in is served as {@code FileSystem.initialize}
 * configured it. Google's classes are loaded, and credentials looked for, when a bucket is first used: never because this is
 * on the class path.
 */
public final class RoutingGcsFileSystemFactory extends RoutingFileSystemFactory {

    /** For Flink. */
    public RoutingGcsFileSystemFactory() {
        super(GcsStorage.SCHEME);
    }

    @Override
    public FileSystem create(URI uri) {
        Configuration global = configuration();
        return new RoutedFileSystem(
                uri, GcsFileSystems.OF_THIS_JVM, () -> Connector.load().open(global, uri));
    }
}
