package io.flinkmanaged.aws;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.BucketFileSystem;
import io.flinkmanaged.storage.bucket.BucketRoutes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.fs.s3native.NativeS3FileSystemFactory;
import org.apache.flink.util.AutoCloseableAsync;

/** Instances of Flink's native S3 file system. */
final class S3FileSystems {

    /** Of this JVM, as Flink's table of file systems is. */
    static final BucketRoutes<Agreed> OF_THIS_JVM = new BucketRoutes<>();

    private static final int CLOSE_SECONDS = 30;

    private S3FileSystems() {}

    /** Registers a user of a bucket. */
    static AutoCloseable register(S3Settings s3, Optional<S3Credentials> credentials, String user) {
        return OF_THIS_JVM.register(s3.bucket(), Agreed.of(s3, credentials), () -> open(s3, credentials), user);
    }

    private static BucketFileSystem open(S3Settings s3, Optional<S3Credentials> credentials) {
        TearDown running = new TearDown();
        try {
            Path spool = spoolDirectory(s3);
            running.add(() -> Directories.deleteTree(spool));
            NativeS3FileSystemFactory factory = new NativeS3FileSystemFactory();
            Configuration configuration = S3FlinkKeys.configuration(s3, credentials, spool.toString());
            factory.configure(configuration);
            FileSystem files = factory.create(URI.create(s3.address().uri()));
            running.add(() -> ((AutoCloseableAsync) files).closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS));
            return new BucketFileSystem(files, running::run);
        } catch (IOException | RuntimeException e) {
            running.after(e);
            throw new StorageException(
                    "bucket " + s3.bucket() + ": Flink's S3 file system cannot be opened (expected: a directory to "
                            + "spool state files in, and credentials of the named kind): " + e,
                    e);
        }
    }

    private static Path spoolDirectory(S3Settings s3) throws IOException {
        Optional<String> parent = s3.spoolDirectory();
        if (parent.isEmpty()) {
            return Files.createTempDirectory("flink-managed-s3-");
        }
        try {
            return Files.createTempDirectory(Directories.create(Path.of(parent.get())), "flink-managed-s3-");
        } catch (IOException e) {
            throw InvalidInputException.of(
                            S3Option.SPOOL_DIRECTORY.key(),
                            parent.get(),
                            "a directory that can be written",
                            "Create it, or name another one.")
                    .because(e);
        }
    }

    /** What two users of a bucket must agree about: everything but the prefix. Holds secrets, so it is never shown. */
    static final class Agreed {

        private final Map<String, String> configuration;
        private final boolean lossyFileSink;

        private Agreed(Map<String, String> configuration, boolean lossyFileSink) {
            this.configuration = configuration;
            this.lossyFileSink = lossyFileSink;
        }

        static Agreed of(S3Settings s3, Optional<S3Credentials> credentials) {
            // A spool directory has another name each time, so its parent stands for it.
            String spools = s3.spoolDirectory().orElse("");
            return new Agreed(S3FlinkKeys.configuration(s3, credentials, spools).toMap(), s3.acceptsLossyFileSink());
        }

        boolean acceptsLossyFileSink() {
            return lossyFileSink;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Agreed that
                    && configuration.equals(that.configuration)
                    && lossyFileSink == that.lossyFileSink;
        }

        @Override
        public int hashCode() {
            return configuration.hashCode();
        }
    }
}
