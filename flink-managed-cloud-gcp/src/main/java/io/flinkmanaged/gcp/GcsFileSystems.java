package io.flinkmanaged.gcp;

import io.flinkmanaged.flink.FileSystemPlugin;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.BucketFileSystem;
import io.flinkmanaged.storage.bucket.BucketRoutes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.core.fs.FileSystem;

/** Instances of Flink's GCS file system. */
final class GcsFileSystems {

    /** Of this JVM, as Flink's table of file systems is; users of a bucket agree about all keys, so about all but a prefix. */
    static final BucketRoutes<Map<String, String>> OF_THIS_JVM = new BucketRoutes<>();

    private GcsFileSystems() {}

    /** Registers a user of a bucket. */
    static AutoCloseable register(GcsSettings gcs, GcsCredentials credentials, String user) {
        Map<String, String> agreed =
                GcsFlinkKeys.configuration(gcs, credentials.tokenServer(), "").toMap();
        return OF_THIS_JVM.register(gcs.bucket(), agreed, () -> open(gcs, credentials), user);
    }

    private static BucketFileSystem open(GcsSettings gcs, GcsCredentials credentials) {
        TearDown running = new TearDown();
        try {
            Path hadoop = HadoopDirectory.write(gcs);
            running.add(() -> Directories.deleteTree(hadoop));
            FileSystemPlugin connector = Connector.load();
            FileSystem files = connector.open(
                    GcsFlinkKeys.configuration(gcs, credentials.tokenServer(), hadoop.toString()),
                    URI.create(gcs.address().uri()));
            running.add(() -> connector.closeHadoops(files));
            return new BucketFileSystem(files, running::run);
        } catch (IOException | RuntimeException e) {
            running.after(e);
            throw new StorageException(
                    "bucket " + gcs.bucket()
                            + ": Flink's GCS file system cannot be opened (expected: credentials of the "
                            + "named kind). Look at the cause: " + e,
                    e);
        }
    }
}
