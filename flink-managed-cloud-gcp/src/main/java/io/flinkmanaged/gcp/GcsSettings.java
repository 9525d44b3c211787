package io.flinkmanaged.gcp;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.bucket.BucketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.MemorySize;

/** A GCS location, read and judged. */
record GcsSettings(
        BucketAddress address,
        Optional<String> project,
        Optional<URI> endpoint,
        CredentialKind credentials,
        Optional<Path> keyFile,
        Optional<String> kmsKey,
        int retries,
        Duration connectTimeout,
        Duration readTimeout,
        MemorySize uploadChunk,
        boolean checksDirectories) {

    /** Few: Flink writes the metadata of a checkpoint under the lock of its coordinator, and the JobMaster may wait for it. */
    static final int RETRIES = 3;

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    static final MemorySize UPLOAD_CHUNK = MemorySize.ofMebiBytes(8);

    private static final URI GOOGLE = URI.create("https://storage.googleapis.com");

    /**
     * Reads a location.
     *
     * @throws InvalidInputException with everything that is wrong with it
     */
    static GcsSettings of(StorageLocation location) {
        return new GcsSettingsReader(location).read();
    }

    String bucket() {
        return address.bucket();
    }

    /** Returns the server's address, without a slash at its end. */
    URI server() {
        return endpoint.orElse(GOOGLE);
    }

    /** Whose rights a process has. */
    enum CredentialKind {
        /** What {@code GOOGLE_APPLICATION_CREDENTIALS} names, or else the machine's own. */
        DEFAULT,
        /** A service account's key in a file. */
        KEY_FILE,
        /** The machine's or pod's own, from the metadata server. */
        WORKLOAD_IDENTITY,
        /** Nobody's. */
        NONE
    }
}
