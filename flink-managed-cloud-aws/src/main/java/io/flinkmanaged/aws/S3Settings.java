package io.flinkmanaged.aws;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.bucket.BucketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** An S3 location, read and judged. */
record S3Settings(
        BucketAddress address,
        String region,
        Optional<URI> endpoint,
        boolean pathStyle,
        Optional<UserKey> userKey,
        Optional<String> profile,
        Optional<Role> role,
        Encryption encryption,
        Optional<String> kmsKey,
        int retries,
        int connections,
        Duration connectTimeout,
        Duration socketTimeout,
        boolean chunkedUploads,
        Optional<String> spoolDirectory,
        boolean acceptsLossyFileSink) {

    static final int RETRIES = 3;
    static final int CONNECTIONS = 50;
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Reads a location.
     *
     * @throws InvalidInputException with everything that is wrong with it
     */
    static S3Settings of(StorageLocation location) {
        return new S3SettingsReader(location).read();
    }

    String bucket() {
        return address.bucket();
    }

    /** A user's access key and its secret, by reference. */
    record UserKey(SecretRef accessKey, SecretRef secretKey) {}

    /** A role to assume. */
    record Role(String arn, Optional<String> externalId, String sessionName, Duration sessionDuration) {}

    /** What is asked of the server. */
    enum Encryption {
        /** Nothing. */
        NONE("none"),
        /** Keys that S3 keeps. */
        SSE_S3("sse-s3"),
        /** A key of AWS KMS. */
        SSE_KMS("sse-kms");

        private final String key;

        Encryption(String key) {
            this.key = key;
        }

        /** Returns the word that options and Flink have for it. */
        String key() {
            return key;
        }
    }
}
