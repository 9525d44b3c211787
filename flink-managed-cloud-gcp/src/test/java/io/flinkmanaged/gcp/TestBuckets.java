package io.flinkmanaged.gcp;

import io.flinkmanaged.testkit.EmbeddedGcs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Locations on an embedded GCS. */
final class TestBuckets {

    private TestBuckets() {}

    /** Returns a location that anybody may use. */
    static GcsStorage on(EmbeddedGcs server) {
        return GcsStorage.bucket(server.bucket()).endpoint(server.endpoint()).withoutCredentials();
    }

    /** Returns a location with the key of the server's account, in a file. */
    static GcsStorage withKey(EmbeddedGcs server, Path directory) {
        return GcsStorage.bucket(server.bucket()).endpoint(server.endpoint()).keyFile(key(server, directory));
    }

    private static Path key(EmbeddedGcs server, Path directory) {
        try {
            return Files.writeString(directory.resolve("key-of-" + server.bucket() + ".json"), server.keyFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
