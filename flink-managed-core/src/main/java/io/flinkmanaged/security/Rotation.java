package io.flinkmanaged.security;

/**
 * How far the replacement of a certificate authority has come. Each state but the first is followed by a rolling restart of
 * the nodes with certificates issued in that state; then the next step may be taken. A node of one state and a node of the
 * next accept each other in both directions, so the cluster is never cut in two; a node of another state may not be there.
 */
public enum Rotation {
    /** One generation, which signs and is trusted. */
    SETTLED,
    /** A second generation is trusted; the first still signs. */
    INTRODUCED,
    /** The second generation signs; the first is still trusted. */
    SWITCHED
}
