package io.flinkmanaged.aws;

import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.testkit.EmbeddedS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Locations on an embedded S3. */
final class TestBuckets {

    private TestBuckets() {}

    /** Returns a location with the server's credentials, in files. */
    static S3Storage on(EmbeddedS3 server, Path directory) {
        return on(server, directory, server.secretKey());
    }

    static S3Storage on(EmbeddedS3 server, Path directory, String secret) {
        try {
            Path file = Files.writeString(directory.resolve("secret-" + secret.hashCode()), secret + "\n");
            Path id = Files.writeString(directory.resolve("id"), server.accessKey() + "\n");
            return S3Storage.bucket(server.bucket())
                    .region(server.region())
                    .endpoint(server.endpoint())
                    .pathStyle()
                    .credentials(SecretRef.file(id), SecretRef.file(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
