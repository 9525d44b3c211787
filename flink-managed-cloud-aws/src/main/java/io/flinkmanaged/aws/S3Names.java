package io.flinkmanaged.aws;

import io.flinkmanaged.storage.bucket.BucketNames;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Amazon accepts as names. Each method returns the constraint that a name breaks, if it breaks one. */
final class S3Names {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern RESERVED =
            Pattern.compile("(xn--|sthree-|amzn-s3-demo-).*|.*(-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3)");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+|auto");
    private static final Pattern ROLE = Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+");

    private S3Names() {}

    /** By "General purpose bucket naming rules" of the S3 User Guide. */
    static Optional<String> brokenByBucket(String name) {
        if (!BUCKET.matcher(name).matches()
                || name.contains("..")
                || ADDRESS.matcher(name).matches()) {
            return Optional.of(
                    "3..63 lower-case letters, digits, hyphens and single dots, a letter or digit at both ends, "
                            + "no IP address");
        }
        if (RESERVED.matcher(name).matches()) {
            return Optional.of("no beginning or end that Amazon reserves, such as xn-- or -s3alias");
        }
        return BucketNames.brokenByHost(S3Storage.SCHEME, name);
    }

    static Optional<String> brokenByRegion(String region) {
        return REGION.matcher(region).matches()
                ? Optional.empty()
                : Optional.of("a region's code, such as eu-central-1");
    }

    static Optional<String> brokenByRole(String arn) {
        return ROLE.matcher(arn).matches()
                ? Optional.empty()
                : Optional.of("a role's ARN, such as arn:aws:iam::123456789012:role/flink-state");
    }
}
