package io.flinkmanaged.config;

import java.util.Optional;

/**
 * What a spec may do with a key.
 *
 * @param kind the rule
 * @param bounds the least and the most that a value may be, of bounded keys
 * @param setting the setting of the spec that the key has, which must be used instead of an override
 * @param grantable of a locked key: whether a {@link ConfigurationPolicy} may grant it
 * @param secret whether values are secrets: never shown, and only given as references
 * @param reason why, and what to do instead where it is not free
 */
public record KeyRule(
        Kind kind,
        Optional<Bounds> bounds,
        Optional<String> setting,
        boolean grantable,
        boolean secret,
        String reason) {

    /** A key that anybody may set. */
    public static final KeyRule FREE = of(Kind.FREE, "");

    /** A key that Flink does not have. */
    public static final KeyRule UNKNOWN = of(Kind.UNKNOWN, "Flink has no such key");

    /** The rules there are. */
    public enum Kind {
        /** May be overridden. */
        FREE,
        /** May be overridden within bounds, or set within them by a setting of its own. */
        BOUNDED,
        /** May be overridden by a reference to a secret; the value itself is refused. */
        SECRET,
        /** The library sets it, because its promises depend on it. */
        LOCKED,
        /** Flink has no such key. */
        UNKNOWN
    }

    static KeyRule of(Kind kind, String reason) {
        return new KeyRule(kind, Optional.empty(), Optional.empty(), false, false, reason);
    }

    /** Returns the same for a key whose values are secrets. */
    KeyRule ofSecret(String why) {
        boolean open = kind == Kind.FREE || kind == Kind.BOUNDED;
        return new KeyRule(open ? Kind.SECRET : kind, bounds, setting, grantable, true, open ? why : reason);
    }

    /** Returns what is left of the rule where a policy grants the key. */
    KeyRule granted() {
        return kind == Kind.LOCKED && grantable
                ? new KeyRule(secret ? Kind.SECRET : Kind.FREE, bounds, setting, false, secret, reason)
                : this;
    }

    /** Returns the kind with bounds and reason, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.toString());
        bounds.ifPresent(range -> text.append(' ').append(range));
        setting.ifPresent(name -> text.append(", set by ").append(name));
        if (!reason.isEmpty()) {
            text.append(": ").append(reason);
        }
        if (kind == Kind.LOCKED) {
            text.append(grantable ? " A ConfigurationPolicy may grant it." : " No policy can grant it.");
        }
        return text.toString();
    }
}
