package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.Encryption;
import io.flinkmanaged.aws.S3Settings.Role;
import io.flinkmanaged.aws.S3Settings.UserKey;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.bucket.BucketNames;
import io.flinkmanaged.storage.bucket.LocationReader;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an S3 location and collects everything that is wrong with it. Never shows what may be a secret. */
final class S3SettingsReader {

    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final LocationReader reader;

    S3SettingsReader(StorageLocation location) {
        this.reader = new LocationReader(location);
    }

    S3Settings read() {
        reader.refuseUnknown(S3Option.keys());
        S3Settings settings = new S3Settings(
                reader.address(S3Names::brokenByBucket),
                region(),
                endpoint(),
                reader.flag(S3Option.PATH_STYLE.key(), false),
                userKey(),
                reader.text(S3Option.PROFILE.key()),
                role(),
                encryption(),
                kmsKey(),
                reader.number(S3Option.RETRIES.key(), S3Settings.RETRIES, 0, 20),
                reader.number(S3Option.CONNECTIONS.key(), S3Settings.CONNECTIONS, 1, 1000),
                reader.duration(S3Option.CONNECT_TIMEOUT.key(), S3Settings.CONNECT_TIMEOUT, SHORTEST, LONGEST),
                reader.duration(S3Option.SOCKET_TIMEOUT.key(), S3Settings.SOCKET_TIMEOUT, SHORTEST, LONGEST),
                reader.flag(S3Option.CHUNKED_UPLOADS.key(), true),
                reader.text(S3Option.SPOOL_DIRECTORY.key()),
                reader.flag(S3Option.LOSSY_FILE_SINK.key(), false));
        if (settings.userKey().isPresent() && settings.profile().isPresent()) {
            reader.complain(
                    S3Option.PROFILE.key(),
                    settings.profile().get(),
                    "one kind of credentials",
                    "Remove " + S3Option.PROFILE.key() + ", or " + S3Option.ACCESS_KEY.key() + " and "
                            + S3Option.SECRET_KEY.key() + ".");
        }
        reader.requireSound();
        return settings;
    }

    private String region() {
        Optional<String> region = reader.text(S3Option.REGION.key());
        if (region.isEmpty()) {
            reader.complain(
                    S3Option.REGION.key(),
                    "none",
                    "the bucket's region",
                    "Set region(…), also with an endpoint: signatures are made for it.");
        }
        return reader.judged(S3Option.REGION.key(), S3Names::brokenByRegion, "Look it up in the bucket's properties.")
                .orElse("");
    }

    private Optional<URI> endpoint() {
        return reader.judged(
                        S3Option.ENDPOINT.key(), BucketNames::brokenByEndpoint, "Name the bucket in the URI, not here.")
                .map(URI::create);
    }

    private Optional<UserKey> userKey() {
        Optional<String> accessKey = reader.text(S3Option.ACCESS_KEY.key());
        Optional<String> secretKey = reader.text(S3Option.SECRET_KEY.key());
        if (accessKey.isPresent() != secretKey.isPresent()) {
            reader.complain(
                    accessKey.isPresent() ? S3Option.SECRET_KEY.key() : S3Option.ACCESS_KEY.key(),
                    "none",
                    "both or neither of access-key and secret-key",
                    "Set credentials(accessKey, secretKey), or neither for the default chain.");
        }
        Optional<SecretRef> id = reader.reference(S3Option.ACCESS_KEY.key());
        return reader.reference(S3Option.SECRET_KEY.key()).flatMap(secret -> id.map(user -> new UserKey(user, secret)));
    }

    private Optional<Role> role() {
        Optional<String> arn = reader.judged(S3Option.ROLE.key(), S3Names::brokenByRole, "Copy the role's ARN.");
        List<S3Option> details =
                List.of(S3Option.ROLE_EXTERNAL_ID, S3Option.ROLE_SESSION_NAME, S3Option.ROLE_SESSION_DURATION);
        if (reader.text(S3Option.ROLE.key()).isEmpty()) {
            details.stream()
                    .filter(option -> reader.text(option.key()).isPresent())
                    .forEach(option -> reader.complain(
                            option.key(),
                            reader.text(option.key()).orElse(""),
                            "a role",
                            "Set assumeRole(…), or remove this."));
        }
        String name = reader.judged(
                        S3Option.ROLE_SESSION_NAME.key(),
                        value -> SESSION_NAME.matcher(value).matches()
                                ? Optional.empty()
                                : Optional.of("2..64 letters, digits and +=,.@_-"),
                        "Shorten it, or leave it out.")
                .orElse("flink-managed");
        Duration duration = reader.duration(
                S3Option.ROLE_SESSION_DURATION.key(),
                Duration.ofHours(1),
                Duration.ofMinutes(15),
                Duration.ofHours(12));
        return arn.map(role -> new Role(role, reader.text(S3Option.ROLE_EXTERNAL_ID.key()), name, duration));
    }

    private Encryption encryption() {
        String word = reader.text(S3Option.ENCRYPTION.key()).orElse(Encryption.NONE.key());
        Optional<Encryption> known = Arrays.stream(Encryption.values())
                .filter(one -> one.key().equals(word))
                .findFirst();
        if (known.isEmpty()) {
            reader.complain(S3Option.ENCRYPTION.key(), word, "none, sse-s3 or sse-kms", "Use one of these words.");
        }
        return known.orElse(Encryption.NONE);
    }

    private Optional<String> kmsKey() {
        Optional<String> key = reader.text(S3Option.KMS_KEY.key());
        if (key.isPresent() && !reader.text(S3Option.ENCRYPTION.key()).equals(Optional.of(Encryption.SSE_KMS.key()))) {
            reader.complain(
                    S3Option.KMS_KEY.key(),
                    key.get(),
                    "encryption sse-kms",
                    "Use encryptedByKms(key), or remove the key.");
        }
        return key;
    }
}
