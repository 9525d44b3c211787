package io.flinkmanaged.security;

import java.util.Locale;

/**
 * What a certificate authority vouches for. Each purpose has an authority of its own in each cluster: with one for both, who
 * may use REST could speak to the internal ports, too.
 */
public enum Purpose {
    /** The nodes of the cluster among themselves: RPC, blobs, shuffles, ZooKeeper's clients and its quorum. */
    INTERNAL,
    /** Flink's REST interface and web UI, and those who use them. */
    REST;

    /** Returns {@code internal} or {@code rest}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
