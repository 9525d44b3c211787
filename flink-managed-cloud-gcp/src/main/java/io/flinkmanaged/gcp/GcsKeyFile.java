package io.flinkmanaged.gcp;

import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** A file with credentials, judged before anybody trusts it. Nothing of its content is ever shown. */
record GcsKeyFile(String type, Optional<String> tokenServer) {

    private static final String GOOGLES_TOKENS = "https://oauth2.googleapis.com/token";

    /** Reads a service account's key. */
    static GcsKeyFile ofServiceAccount(Path path) {
        Map<String, Object> content = read(GcsOption.KEY_FILE.key(), path);
        boolean whole = "service_account".equals(content.get("type"))
                && content.get("client_email") instanceof String
                && content.get("private_key") instanceof String key
                && isPrivateKey(key);
        if (!whole) {
            throw refuse(
                    GcsOption.KEY_FILE.key(),
                    path,
                    "a service account's key in JSON",
                    "Create a key for the service account, in JSON, and name its file; for other kinds of credentials set "
                            + "GOOGLE_APPLICATION_CREDENTIALS and no key file.");
        }
        return of(content);
    }

    /** Reads what the environment names, which Google's connector takes if it is one of two kinds. */
    static GcsKeyFile ofEnvironment(Path path) {
        Map<String, Object> content = read(GcsCredentials.VARIABLE, path);
        String type = String.valueOf(content.get("type"));
        if (!type.equals("service_account") && !type.equals("authorized_user")) {
            throw refuse(
                    GcsCredentials.VARIABLE,
                    path,
                    "a service account's key or an authorized user, which are all that Google's connector takes",
                    "Use a key, or the machine's own identity with workloadIdentity() and without this variable.");
        }
        return of(content);
    }

    private static GcsKeyFile of(Map<String, Object> content) {
        Optional<String> tokens = Optional.ofNullable(content.get("token_uri"))
                .map(Object::toString)
                .filter(url -> !url.equals(GOOGLES_TOKENS));
        return new GcsKeyFile(String.valueOf(content.get("type")), tokens);
    }

    /** Without a cause: what reads YAML, and so JSON, quotes what it could not read. */
    private static Map<String, Object> read(String subject, Path path) {
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException e) {
            throw refuse(
                            subject,
                            path,
                            "a file that this process can read",
                            "Put the file there, and let the user of this process read it.")
                    .because(e);
        }
        try {
            return YamlText.read("credentials", text);
        } catch (InvalidInputException e) {
            throw refuse(subject, path, "JSON, as Google gives it", "Download it again.");
        }
    }

    private static boolean isPrivateKey(String pem) {
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            byte[] encoded = Base64.getDecoder().decode(body);
            return pem.contains("-----BEGIN PRIVATE KEY-----")
                    && KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded)) != null;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static InvalidInputException refuse(String subject, Path path, String expected, String remedy) {
        return InvalidInputException.of(subject, path, expected, remedy);
    }
}
