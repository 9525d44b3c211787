package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsClient.Patience;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StateStorageProvider;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.BucketStateStorage;
import io.flinkmanaged.storage.bucket.RoutedFileSystem;
import java.io.IOException;
import java.util.Set;

/** The adapter for {@code gs:} URIs; found by the service loader, not to be used directly. */
public final class GcsStateStorageProvider implements StateStorageProvider {

    /** For the service loader. */
    public GcsStateStorageProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(GcsStorage.SCHEME);
    }

    @Override
    public StateStorage open(StorageLocation location, String user, Secrets secrets) {
        GcsSettings gcs = GcsSettings.of(location);
        GcsCredentials credentials = GcsCredentials.of(gcs);
        TearDown opened = new TearDown();
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        // Flink looks for its parts with it, and new threads keep it: never a job's.
        thread.setContextClassLoader(GcsStateStorageProvider.class.getClassLoader());
        try {
            GcsTokens tokens = tokens(gcs, credentials);
            SystemTimeSource time = new SystemTimeSource();
            opened.add(time);
            GcsPreflight preflight = new GcsPreflight(gcs, tokens, time);
            preflight.requireToken();
            opened.add(GcsFileSystems.register(gcs, credentials, user));
            RoutedFileSystem.requireInCharge(
                    gcs.address().uri(), RoutingGcsFileSystemFactory.class, "flink-managed-cloud-gcp");
            Patience patience = new Patience(gcs.connectTimeout(), gcs.readTimeout(), gcs.retries());
            GcsObjects objects = new GcsObjects(gcs, new GcsClient(gcs, tokens, time, patience), time.newId());
            return new BucketStateStorage(
                    location,
                    gcs.address(),
                    objects,
                    GcsFlinkKeys.settings(gcs),
                    () -> GcsOnNodes.of(gcs, credentials),
                    preflight::run,
                    opened);
        } catch (RuntimeException e) {
            opened.after(e);
            throw e;
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    private static GcsTokens tokens(GcsSettings gcs, GcsCredentials credentials) {
        try {
            return GcsTokens.of(credentials, Connector.load());
        } catch (IOException e) {
            throw new StorageException(
                    "bucket " + gcs.bucket() + ": "
                            + new Finding(
                                    "credentials",
                                    "not usable",
                                    "what Google's library takes",
                                    "Create a new key, or use the machine's identity."),
                    null);
        }
    }
}
