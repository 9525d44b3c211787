package io.flinkmanaged.aws;

import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StateStorageProvider;
import io.flinkmanaged.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.FileSystem;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** The adapter for {@code s3:} URIs; found by the service loader, not to be used directly. */
public final class S3StateStorageProvider implements StateStorageProvider {

    /** For the service loader. */
    public S3StateStorageProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(S3Storage.SCHEME);
    }

    @Override
    public StateStorage open(StorageLocation location, String user, Secrets secrets) {
        S3Settings s3 = S3Settings.of(location);
        Optional<S3Credentials> credentials = S3Credentials.of(s3, secrets);
        TearDown opened = new TearDown();
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        // Flink and the SDK look for their parts with it, and their threads keep it: never a job's.
        thread.setContextClassLoader(S3StateStorageProvider.class.getClassLoader());
        try {
            opened.add(S3Routes.OF_THIS_JVM.register(s3, credentials, user));
            requireOurFileSystem(s3);
            S3Client client = S3Clients.open(s3, credentials, opened);
            S3Objects objects = new S3Objects(s3, client, newId());
            return new S3StateStorage(location, s3, objects, () -> S3Preflight.run(s3, credentials, newId()), opened);
        } catch (RuntimeException e) {
            opened.after(e);
            throw e;
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    /** Flink's table of file systems is the JVM's, and may have been filled before, by somebody who did not see ours. */
    private static void requireOurFileSystem(S3Settings s3) {
        String uri = S3Storage.SCHEME + "://" + s3.bucket();
        FileSystem found;
        try {
            found = FileSystem.getUnguardedFileSystem(URI.create(uri));
        } catch (IOException e) {
            throw inCharge(uri, e.toString(), e);
        }
        boolean limited = found.getClass().getSimpleName().equals("LimitedConnectionsFileSystem");
        if (!(found instanceof RoutedS3FileSystem) && !limited) {
            throw inCharge(uri, found.getClass().getName(), null);
        }
    }

    private static StorageException inCharge(String uri, String found, @Nullable Exception cause) {
        return new StorageException(
                uri + ": served in this JVM by " + found + " (expected: " + RoutingS3FileSystemFactory.class.getName()
                        + "). Somebody initialized Flink's file systems without flink-managed-cloud-aws in view, or "
                        + "gave another one precedence with fs.s3.priority.*: call FileSystem.initialize(…) again, from "
                        + "a thread whose context class loader sees it.",
                cause);
    }

    private static String newId() {
        try (SystemTimeSource ids = new SystemTimeSource()) {
            return ids.newId();
        }
    }
}
