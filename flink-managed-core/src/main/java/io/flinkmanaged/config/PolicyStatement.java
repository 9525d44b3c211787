package io.flinkmanaged.config;

import java.util.Optional;

/**
 * One thing that an embedder's policy says about a key, or about a family of keys.
 *
 * @param policy the policy's name
 * @param kind what it does
 * @param pattern the key, or a family: the beginning of its keys, with a dot at its end
 * @param value the value of a key that is set
 * @param bounds the bounds of a key that is bounded
 * @param reason why: a sentence for people
 */
public record PolicyStatement(
        String policy, Kind kind, String pattern, Optional<String> value, Optional<Bounds> bounds, String reason) {

    /** What a policy may do. */
    public enum Kind {
        /** Gives a key a value, which a spec may override. */
        SET("sets it to"),
        /** Keeps the value in effect within bounds, whoever set it. */
        BOUND("bounds it to"),
        /** Refuses overrides. */
        FORBID("forbids it"),
        /** Takes a lock of the library away. */
        GRANT("grants it");

        private final String verb;

        Kind(String verb) {
            this.verb = verb;
        }
    }

    /**
     * Returns whether it says something about a key.
     *
     * @param name the key's present name
     */
    public boolean covers(String name) {
        return pattern.endsWith(".") ? name.startsWith(pattern) : name.equals(pattern);
    }

    /** Returns {@code policy acme bounds it to 1..8: why}. */
    @Override
    public String toString() {
        String detail = bounds.map(Bounds::toString)
                .or(() -> value.map(text -> SecretKeys.shown(pattern, text)))
                .map(text -> " " + text)
                .orElse("");
        return "policy " + policy + " " + kind.verb + detail + ": " + reason;
    }
}
