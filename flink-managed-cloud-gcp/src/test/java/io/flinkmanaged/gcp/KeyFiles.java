package io.flinkmanaged.gcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Service accounts' keys, as Google gives them, of nobody. */
final class KeyFiles {

    static final String ACCOUNT = "flink@acme-data.iam.gserviceaccount.com";

    private KeyFiles() {}

    /** Returns a new private key in PEM, with line ends as JSON has them. */
    static String newKey() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            byte[] key = keys.generateKeyPair().getPrivate().getEncoded();
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            return ("-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n").replace("\n", "\\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path write(Path directory, String key, String tokenServer) {
        return write(directory, "service_account", key, tokenServer);
    }

    static Path write(Path directory, String type, String key, String tokenServer) {
        String json = """
                {
                  "type": "%s",
                  "project_id": "acme-data",
                  "private_key_id": "0123456789abcdef",
                  "private_key": "%s",
                  "client_email": "%s",
                  "client_id": "123456789",
                  "token_uri": "%s"
                }
                """.formatted(type, key, ACCOUNT, tokenServer);
        try {
            return Files.writeString(directory.resolve("key-" + json.hashCode() + ".json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
