package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.Encryption;
import io.flinkmanaged.aws.S3Settings.Role;
import io.flinkmanaged.aws.S3Settings.UserKey;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads an S3 location and collects everything that is wrong with it. Never shows what may be a secret. */
final class S3SettingsReader {

    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final StorageLocation location;
    private final List<Finding> findings = new ArrayList<>();

    S3SettingsReader(StorageLocation location) {
        this.location = location;
    }

    S3Settings read() {
        refuseUnknown();
        String bucket = bucket();
        String prefix = prefix();
        S3Settings settings = new S3Settings(
                bucket,
                prefix,
                region(),
                endpoint(),
                flag(S3Option.PATH_STYLE, false),
                userKey(),
                text(S3Option.PROFILE),
                role(),
                encryption(),
                kmsKey(),
                number(S3Option.RETRIES, S3Settings.RETRIES, 0, 20),
                number(S3Option.CONNECTIONS, S3Settings.CONNECTIONS, 1, 1000),
                duration(S3Option.CONNECT_TIMEOUT, S3Settings.CONNECT_TIMEOUT, SHORTEST, LONGEST),
                duration(S3Option.SOCKET_TIMEOUT, S3Settings.SOCKET_TIMEOUT, SHORTEST, LONGEST),
                flag(S3Option.CHUNKED_UPLOADS, true),
                text(S3Option.SPOOL_DIRECTORY),
                flag(S3Option.LOSSY_FILE_SINK, false));
        if (settings.userKey().isPresent() && settings.profile().isPresent()) {
            complain(
                    S3Option.PROFILE.key(),
                    settings.profile().get(),
                    "one kind of credentials",
                    "Remove " + S3Option.PROFILE.key() + ", or " + S3Option.ACCESS_KEY.key() + " and "
                            + S3Option.SECRET_KEY.key() + ".");
        }
        if (!findings.isEmpty()) {
            throw new InvalidInputException("storage " + location.uri(), findings);
        }
        return settings;
    }

    private void refuseUnknown() {
        location.options().keySet().stream()
                .filter(key -> S3Option.of(key).isEmpty())
                .forEach(key -> complain(
                        "option " + key,
                        "…",
                        "one of "
                                + Arrays.stream(S3Option.values())
                                        .map(S3Option::key)
                                        .collect(Collectors.joining(", ")),
                        "Remove it, or correct its name."));
    }

    private String bucket() {
        URI uri = location.uri();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            complain(
                    "storage URI",
                    uri.toString(),
                    "s3://bucket/prefix without ? and #",
                    "Move options to the options.");
        }
        String bucket = Optional.ofNullable(uri.getRawAuthority()).orElse("");
        S3Names.brokenByBucket(bucket)
                .ifPresent(expected -> complain("bucket", bucket, expected, "Use a bucket with such a name."));
        return bucket;
    }

    private String prefix() {
        String path = Optional.ofNullable(location.uri().getRawPath()).orElse("");
        String prefix = path.startsWith("/") ? path.substring(1) : path;
        S3Names.brokenByPrefix(prefix)
                .ifPresent(expected -> complain("prefix", prefix, expected, "Leave out other characters."));
        return prefix;
    }

    private String region() {
        Optional<String> region = text(S3Option.REGION);
        if (region.isEmpty()) {
            complain(
                    S3Option.REGION.key(),
                    "none",
                    "the bucket's region",
                    "Set region(…), also with an endpoint: signatures are made for it.");
        }
        return judged(S3Option.REGION, S3Names::brokenByRegion, "Look it up in the bucket's properties.")
                .orElse("");
    }

    private Optional<URI> endpoint() {
        return judged(S3Option.ENDPOINT, S3Names::brokenByEndpoint, "Name the bucket in the URI, not here.")
                .map(URI::create);
    }

    private Optional<UserKey> userKey() {
        Optional<String> accessKey = text(S3Option.ACCESS_KEY);
        Optional<String> secretKey = text(S3Option.SECRET_KEY);
        if (accessKey.isPresent() != secretKey.isPresent()) {
            complain(
                    accessKey.isPresent() ? S3Option.SECRET_KEY.key() : S3Option.ACCESS_KEY.key(),
                    "none",
                    "both or neither of access-key and secret-key",
                    "Set credentials(accessKey, secretKey), or neither for the default chain.");
        }
        Optional<SecretRef> id = reference(S3Option.ACCESS_KEY);
        return reference(S3Option.SECRET_KEY).flatMap(secret -> id.map(user -> new UserKey(user, secret)));
    }

    private Optional<SecretRef> reference(S3Option option) {
        Optional<SecretRef> reference = text(option).flatMap(SecretRef::parse);
        if (text(option).isPresent() && reference.isEmpty()) {
            complain(
                    option.key(),
                    "…",
                    "a secret's reference, never the secret",
                    "Write ${secret:env:NAME} or ${secret:file:/path}, and change a secret that was written down.");
        }
        return reference;
    }

    private Optional<Role> role() {
        Optional<String> arn = judged(S3Option.ROLE, S3Names::brokenByRole, "Copy the role's ARN.");
        List<S3Option> details =
                List.of(S3Option.ROLE_EXTERNAL_ID, S3Option.ROLE_SESSION_NAME, S3Option.ROLE_SESSION_DURATION);
        if (text(S3Option.ROLE).isEmpty()) {
            details.stream()
                    .filter(option -> text(option).isPresent())
                    .forEach(option -> complain(
                            option.key(), text(option).orElse(""), "a role", "Set assumeRole(…), or remove this."));
        }
        String name = judged(
                        S3Option.ROLE_SESSION_NAME,
                        value -> SESSION_NAME.matcher(value).matches()
                                ? Optional.empty()
                                : Optional.of("2..64 letters, digits and +=,.@_-"),
                        "Shorten it, or leave it out.")
                .orElse("flink-managed");
        Duration duration = duration(
                S3Option.ROLE_SESSION_DURATION, Duration.ofHours(1), Duration.ofMinutes(15), Duration.ofHours(12));
        return arn.map(role -> new Role(role, text(S3Option.ROLE_EXTERNAL_ID), name, duration));
    }

    private Encryption encryption() {
        String word = text(S3Option.ENCRYPTION).orElse(Encryption.NONE.key());
        Optional<Encryption> known = Arrays.stream(Encryption.values())
                .filter(one -> one.key().equals(word))
                .findFirst();
        if (known.isEmpty()) {
            complain(S3Option.ENCRYPTION.key(), word, "none, sse-s3 or sse-kms", "Use one of these words.");
        }
        return known.orElse(Encryption.NONE);
    }

    private Optional<String> kmsKey() {
        Optional<String> key = text(S3Option.KMS_KEY);
        if (key.isPresent() && !text(S3Option.ENCRYPTION).equals(Optional.of(Encryption.SSE_KMS.key()))) {
            complain(
                    S3Option.KMS_KEY.key(),
                    key.get(),
                    "encryption sse-kms",
                    "Use encryptedByKms(key), or remove the key.");
        }
        return key;
    }

    private Optional<String> judged(S3Option option, Function<String, Optional<String>> broken, String remedy) {
        Optional<String> value = text(option);
        value.flatMap(broken).ifPresent(expected -> complain(option.key(), value.orElse(""), expected, remedy));
        return value.filter(text -> broken.apply(text).isEmpty());
    }

    private boolean flag(S3Option option, boolean otherwise) {
        Optional<String> value = text(option);
        value.filter(word -> !word.equals("true") && !word.equals("false"))
                .ifPresent(word -> complain(option.key(), word, "true or false", "Use one of these words."));
        return value.map("true"::equals).orElse(otherwise);
    }

    private int number(S3Option option, int otherwise, int least, int most) {
        Optional<String> value = text(option);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same complaint.
        }
        complain(option.key(), value.get(), least + ".." + most, "The default is " + otherwise + ".");
        return otherwise;
    }

    private Duration duration(S3Option option, Duration otherwise, Duration least, Duration most) {
        Optional<String> value = text(option);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            Duration duration = Duration.parse(value.get());
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // The same complaint.
        }
        complain(option.key(), value.get(), least + ".." + most, "The default is " + otherwise + ".");
        return otherwise;
    }

    private Optional<String> text(S3Option option) {
        Map<String, String> options = location.options();
        return Optional.ofNullable(options.get(option.key()));
    }

    private void complain(String subject, String value, String expected, String remedy) {
        findings.add(new Finding(subject, value, expected, remedy));
    }
}
