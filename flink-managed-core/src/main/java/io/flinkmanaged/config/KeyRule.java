package io.flinkmanaged.config;

/**
 * What an embedder may do with a key.
 *
 * @param kind the rule
 * @param reason why, and what to do instead where it is not free; empty for free keys
 */
public record KeyRule(Kind kind, String reason) {

    /** A key that anybody may set. */
    public static final KeyRule FREE = new KeyRule(Kind.FREE, "");

    /** A key that Flink does not have. */
    public static final KeyRule UNKNOWN = new KeyRule(Kind.UNKNOWN, "Flink has no such key");

    /** The rules there are. */
    public enum Kind {
        /** May be overridden. */
        FREE,
        /** The library sets it, because its promises depend on it. */
        LOCKED,
        /** Flink has no such key. */
        UNKNOWN
    }

    /** Returns the kind with its reason. */
    @Override
    public String toString() {
        return reason.isEmpty() ? kind.toString() : kind + ": " + reason;
    }
}
