package io.flinkmanaged.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Amazon accepts as names. Each method returns the constraint that a name breaks, if it breaks one. */
final class S3Names {

    /** Amazon's 1,024 bytes for a key, less what Flink and the library append. */
    static final int LONGEST_PREFIX = 512;

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern RESERVED =
            Pattern.compile("(xn--|sthree-|amzn-s3-demo-).*|.*(-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3)");
    private static final Pattern SEGMENTS = Pattern.compile("[A-Za-z0-9!_.*'()=-]+(/[A-Za-z0-9!_.*'()=-]+)*");
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
        if (URI.create("s3://" + name).getHost() == null) {
            return Optional.of("a letter after the last dot: Flink reads the bucket as the URI's host");
        }
        return Optional.empty();
    }

    static Optional<String> brokenByPrefix(String prefix) {
        boolean ofSegments = prefix.isEmpty()
                || (SEGMENTS.matcher(prefix).matches()
                        && !("/" + prefix + "/").contains("/./")
                        && !("/" + prefix + "/").contains("/../"));
        return ofSegments && prefix.length() <= LONGEST_PREFIX
                ? Optional.empty()
                : Optional.of("at most " + LONGEST_PREFIX
                        + " letters, digits and !_.*'()=- in segments with a single / between them");
    }

    static Optional<String> brokenByRegion(String region) {
        return REGION.matcher(region).matches()
                ? Optional.empty()
                : Optional.of("a region's code, such as eu-central-1");
    }

    static Optional<String> brokenByEndpoint(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            boolean plain = (uri.getPath() == null || uri.getPath().isEmpty())
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (plain && http && uri.getHost() != null) {
                return Optional.empty();
            }
        } catch (URISyntaxException e) {
            // The same complaint.
        }
        return Optional.of("http:// or https:// with a host, perhaps a port, and nothing more");
    }

    static Optional<String> brokenByRole(String arn) {
        return ROLE.matcher(arn).matches()
                ? Optional.empty()
                : Optional.of("a role's ARN, such as arn:aws:iam::123456789012:role/flink-state");
    }
}
