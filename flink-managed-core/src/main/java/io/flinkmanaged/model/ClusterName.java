package io.flinkmanaged.model;

import java.util.regex.Pattern;

/**
 * The identity of a cluster: what it is called, for ever and in every epoch.
 *
 * <p>It is part of directories, object keys and {@code high-availability.cluster-id}, so it is kept to what all of
 * them take: 1..63 characters {@code a-z}, {@code 0-9} and {@code -}, beginning with a letter, not ending with
 * {@code -} (the DNS label of RFC 1035, which cloud resources take too).
 *
 * @param value the name
 */
public record ClusterName(String value) implements Comparable<ClusterName> {

    private static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Refuses a name that is not a DNS label. */
    public ClusterName {
        if (!FORM.matcher(value).matches()) {
            throw InvalidInputException.of(
                    "cluster name",
                    "\"" + value + "\"",
                    "1..63 characters a-z, 0-9 and -, beginning with a letter, not ending with -",
                    "Use a name such as \"flights\" or \"team-a-prod\".");
        }
    }

    @Override
    public int compareTo(ClusterName other) {
        return value.compareTo(other.value);
    }

    /** Returns the bare name. */
    @Override
    public String toString() {
        return value;
    }
}
