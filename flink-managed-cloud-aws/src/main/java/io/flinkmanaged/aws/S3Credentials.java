package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.UserKey;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.Secrets;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/** An access key and its secret, resolved; never shown. */
final class S3Credentials {

    private final String accessKey;
    private final String secretKey;
    private final Optional<String> sessionToken;

    private S3Credentials(String accessKey, String secretKey, Optional<String> sessionToken) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.sessionToken = sessionToken;
    }

    /** Returns what the settings name; empty for the default chain. */
    static Optional<S3Credentials> of(S3Settings settings, Secrets secrets) {
        return settings.userKey().map(key -> resolve(key, secrets)).or(() -> settings.profile()
                .map(S3Credentials::ofProfile));
    }

    private static S3Credentials resolve(UserKey key, Secrets secrets) {
        return new S3Credentials(
                secrets.resolve(key.accessKey()).strip(),
                secrets.resolve(key.secretKey()).strip(),
                Optional.empty());
    }

    private static S3Credentials ofProfile(String name) {
        AwsCredentials found;
        try (ProfileCredentialsProvider provider =
                ProfileCredentialsProvider.builder().profileName(name).build()) {
            found = provider.resolveCredentials();
        } catch (SdkException | IllegalArgumentException e) {
            throw InvalidInputException.of(
                            S3Option.PROFILE.key(),
                            name,
                            "a profile with an access key in ~/.aws/credentials or ~/.aws/config",
                            "Add it, or name another one.")
                    .because(e);
        }
        if (found instanceof AwsSessionCredentials) {
            throw InvalidInputException.of(
                    S3Option.PROFILE.key(),
                    name,
                    "a profile whose credentials need no session token: Flink's file system takes none",
                    "Set AWS_PROFILE=" + name + " and no profile here, so that the default chain finds it and renews "
                            + "its tokens; or name a profile with an access key and use assumeRole(…).");
        }
        return new S3Credentials(found.accessKeyId(), found.secretAccessKey(), Optional.empty());
    }

    /** Returns the keys in this JVM's environment, which the default chain takes first; empty without. */
    static Optional<S3Credentials> ofEnvironment() {
        String access = System.getenv("AWS_ACCESS_KEY_ID");
        String secret = System.getenv("AWS_SECRET_ACCESS_KEY");
        return access == null || secret == null
                ? Optional.empty()
                : Optional.of(
                        new S3Credentials(access, secret, Optional.ofNullable(System.getenv("AWS_SESSION_TOKEN"))));
    }

    /** Returns them in the format of the file {@code ~/.aws/credentials}. */
    String asDefaultProfile() {
        return "[default]\naws_access_key_id = " + accessKey + "\naws_secret_access_key = " + secretKey
                + sessionToken.map(token -> "\naws_session_token = " + token).orElse("") + "\n";
    }

    String accessKey() {
        return accessKey;
    }

    String secretKey() {
        return secretKey;
    }

    /** Hides everything. */
    @Override
    public String toString() {
        return "…";
    }
}
