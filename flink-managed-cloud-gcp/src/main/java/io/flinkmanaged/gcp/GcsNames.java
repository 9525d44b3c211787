package io.flinkmanaged.gcp;

import io.flinkmanaged.storage.bucket.BucketNames;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Google accepts as names. Each method returns the constraint that a name breaks, if it breaks one. */
final class GcsNames {

    private static final int LONGEST_PART = 63;

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern RESERVED = Pattern.compile("goog.*|.*(google|g00gle|go0gle|g0ogle).*");
    private static final Pattern PROJECT = Pattern.compile("([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]");
    private static final Pattern KMS_KEY =
            Pattern.compile("projects/[^/\\s]+/locations/[a-z0-9-]+/keyRings/[\\w-]{1,63}/cryptoKeys/[\\w-]{1,63}");

    private GcsNames() {}

    /** By "Bucket naming guidelines" of the Cloud Storage documentation. */
    static Optional<String> brokenByBucket(String name) {
        boolean longPart = Arrays.stream(name.split("\\.", -1))
                .anyMatch(part -> part.isEmpty() || part.length() > LONGEST_PART || isHyphened(part));
        if (!BUCKET.matcher(name).matches() || longPart || ADDRESS.matcher(name).matches()) {
            return Optional.of("3..63 lower-case letters, digits, hyphens, or up to 222 with single dots between parts "
                    + "of up to 63; a letter or digit at both ends of each part; no IP address");
        }
        if (RESERVED.matcher(name).matches()) {
            return Optional.of("no beginning goog, and nothing that looks like google: Google reserves these");
        }
        if (name.contains("_")) {
            return Optional.of(
                    "no underscore, which Google permits: Flink reads the bucket as the URI's host, which has "
                            + "none");
        }
        return BucketNames.brokenByHost(GcsStorage.SCHEME, name);
    }

    private static boolean isHyphened(String part) {
        return part.startsWith("-") || part.endsWith("-");
    }

    static Optional<String> brokenByProject(String id) {
        return PROJECT.matcher(id).matches()
                ? Optional.empty()
                : Optional.of("a project's id: 6..30 lower-case letters, digits and hyphens, a letter first");
    }

    static Optional<String> brokenByKmsKey(String name) {
        return KMS_KEY.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("a key's name: projects/…/locations/…/keyRings/…/cryptoKeys/…, without a version");
    }

    static Optional<String> brokenByKeyFile(String path) {
        if (path.stripLeading().startsWith("{") || path.contains("-----BEGIN") || path.contains("\n")) {
            return Optional.of("the path of a key file, never the key itself");
        }
        return path.startsWith("/") ? Optional.empty() : Optional.of("an absolute path");
    }
}
