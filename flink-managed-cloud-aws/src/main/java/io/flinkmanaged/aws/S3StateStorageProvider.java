package io.flinkmanaged.aws;

import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateFileLimits;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StateStorageProvider;
import io.flinkmanaged.storage.bucket.BucketObjects;
import io.flinkmanaged.storage.bucket.BucketPreflight;
import io.flinkmanaged.storage.bucket.BucketStateStorage;
import io.flinkmanaged.storage.bucket.RoutedFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.MemorySize;
import software.amazon.awssdk.services.s3.S3Client;

/** The adapter for {@code s3:} URIs; found by the service loader, not to be used directly. */
public final class S3StateStorageProvider implements StateStorageProvider {

    private static final MemorySize LARGEST_UPLOAD = MemorySize.ofMebiBytes(5 * 1024);

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
            opened.add(S3FileSystems.register(s3, credentials, user));
            RoutedFileSystem.requireInCharge(
                    s3.address().uri(), RoutingS3FileSystemFactory.class, "flink-managed-cloud-aws");
            S3Client client = S3Clients.open(s3, credentials, opened);
            BucketObjects objects = new S3Objects(s3, client, newId());
            return new BucketStateStorage(
                    location,
                    s3.address(),
                    objects,
                    S3FlinkKeys.settings(s3),
                    () -> S3OnNodes.of(s3, secrets),
                    () -> lookAt(s3, credentials),
                    opened);
        } catch (RuntimeException e) {
            opened.after(e);
            throw e;
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    /** Flink sends a state file in one piece, after it has spooled it. */
    @Override
    public Optional<StateFileLimits> limits(StorageLocation location) {
        String spool =
                location.options().getOrDefault(S3Option.SPOOL_DIRECTORY.key(), System.getProperty("java.io.tmpdir"));
        return Optional.of(
                new StateFileLimits(LARGEST_UPLOAD, "Amazon's limit for an upload in one piece", Path.of(spool)));
    }

    /** With a client of its own that waits little and is closed at once. */
    private static List<Finding> lookAt(S3Settings s3, Optional<S3Credentials> credentials) {
        String id = newId();
        List<Finding> advice = new ArrayList<>();
        S3Clients.briefly(s3, credentials, client -> {
            new BucketPreflight(s3.address(), new S3Objects(s3, client, id), "If-None-Match: *", id).run();
            advice.addAll(S3BucketAdvice.of(s3, client));
        });
        return advice;
    }

    private static String newId() {
        try (SystemTimeSource ids = new SystemTimeSource()) {
            return ids.newId();
        }
    }
}
