package io.flinkmanaged.storage.bucket;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What every vendor accepts as names. Each method returns the constraint that a name breaks, if it breaks one. */
public final class BucketNames {

    /** The vendors' 1,024 bytes for a key, less what Flink and the library append. */
    public static final int LONGEST_PREFIX = 512;

    private static final Pattern SEGMENTS = Pattern.compile("[A-Za-z0-9!_.*'()=-]+(/[A-Za-z0-9!_.*'()=-]+)*");

    private BucketNames() {}

    /**
     * Judges where in a bucket the state is to lie.
     *
     * @param prefix empty for the whole bucket
     */
    public static Optional<String> brokenByPrefix(String prefix) {
        boolean ofSegments = prefix.isEmpty()
                || (SEGMENTS.matcher(prefix).matches()
                        && !("/" + prefix + "/").contains("/./")
                        && !("/" + prefix + "/").contains("/../"));
        return ofSegments && prefix.length() <= LONGEST_PREFIX
                ? Optional.empty()
                : Optional.of("at most " + LONGEST_PREFIX
                        + " letters, digits and !_.*'()=- in segments with a single / between them");
    }

    /**
     * Judges the address of a server.
     *
     * @param endpoint the address
     */
    public static Optional<String> brokenByEndpoint(String endpoint) {
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

    /**
     * Judges whether Flink finds a bucket by its URI.
     *
     * @param scheme of the URI
     * @param bucket a name that its vendor accepts
     */
    public static Optional<String> brokenByHost(String scheme, String bucket) {
        return URI.create(scheme + "://" + bucket).getHost() == null
                ? Optional.of("a letter after the last dot: Flink reads the bucket as the URI's host")
                : Optional.empty();
    }
}
