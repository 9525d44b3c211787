package io.flinkmanaged.config;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.flinkmanaged.config.KeyRule.Kind;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;

/**
 * What an embedding product demands of the configuration of every cluster that it runs.
 *
 * <pre>{@code
 * ConfigurationPolicy acme = ConfigurationPolicy.named("acme")
 *         .set("web.access-control-allow-origin", "https://console.acme.example", "only our console may ask")
 *         .bound("taskmanager.numberOfTaskSlots", "1", "8", "our support plans end there")
 *         .forbid("env.java.opts.", "our image sets the JVM's options")
 *         .grant("jmx.server.port", "our network lets nobody but the profiler reach it")
 *         .build();
 * }</pre>
 *
 * <p>A value of a policy is stronger than the library's and weaker than the spec's; bounds hold whoever set the key. A lock
 * of the library is loosened by a grant only, which an event and the key's explanation tell. Immutable, equal by content.
 */
public final class ConfigurationPolicy {

    private final String name;
    private final List<PolicyStatement> statements;

    private ConfigurationPolicy(String name, List<PolicyStatement> statements) {
        this.name = name;
        this.statements = List.copyOf(statements);
    }

    /**
     * Begins a policy.
     *
     * @param name whose it is, for whoever must live with it; not blank
     */
    public static Builder named(String name) {
        if (name.isBlank()) {
            throw InvalidInputException.of(
                    "policy name", "\"" + name + "\"", "not blank", "Say whose policy it is, such as \"acme\".");
        }
        return new Builder(name);
    }

    /** Returns whose it is. */
    public String name() {
        return name;
    }

    /** Returns everything that it says, in the order in which it was said. */
    public List<PolicyStatement> statements() {
        return statements;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigurationPolicy that
                && name.equals(that.name)
                && statements.equals(that.statements);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + statements.hashCode();
    }

    /** Returns the name and the number of statements. */
    @Override
    public String toString() {
        return "ConfigurationPolicy[" + name + ", " + statements.size() + " statements]";
    }

    /** Builds a policy; not thread-safe. Keys may be written by former names. */
    public static final class Builder {

        private final String name;
        private final List<PolicyStatement> statements = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Gives a key a value in every cluster whose spec does not override it.
         *
         * @param key Flink's key
         * @param value the value as Flink's configuration file would have it; a secret as a reference
         * @param reason why: a sentence for people
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder set(String key, String value, String reason) {
            return add(PolicyStatement.Kind.SET, key, Optional.of(value), Optional.empty(), reason);
        }

        /**
         * Gives a key a value in every cluster whose spec does not override it.
         *
         * @param option Flink's option
         * @param value the value
         * @param reason why: a sentence for people
         * @param <T> the option's type
         * @return this
         */
        @CanIgnoreReturnValue
        public <T> Builder set(ConfigOption<T> option, T value, String reason) {
            return set(option.key(), LayeredConfiguration.textOf(option, value), reason);
        }

        /**
         * Keeps a key's value within bounds, whoever set it.
         *
         * @param key Flink's key, of a number, a duration or a size
         * @param least the least that it may be; empty for no limit
         * @param most the most that it may be; empty for no limit
         * @param reason why: a sentence for people
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder bound(String key, String least, String most, String reason) {
            KeyCatalogue catalogue = KeyCatalogue.ofFlink();
            String type = catalogue
                    .ruleOf(key)
                    .bounds()
                    .map(Bounds::type)
                    .or(() -> catalogue.typeOf(key))
                    .orElse("");
            try {
                return add(
                        PolicyStatement.Kind.BOUND,
                        key,
                        Optional.empty(),
                        Optional.of(new Bounds(type, least, most)),
                        reason);
            } catch (IllegalArgumentException e) {
                findings.add(new Finding(
                        subject(key),
                        "bounds " + least + ".." + most,
                        "bounds of a known number, duration or size",
                        "Correct the key or the bounds; to refuse overrides altogether, use forbid(…)."));
                return this;
            }
        }

        /**
         * Refuses overrides of a key or a family.
         *
         * @param pattern Flink's key, or the beginning of keys, with a dot at its end
         * @param reason why: a sentence for people
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder forbid(String pattern, String reason) {
            return add(PolicyStatement.Kind.FORBID, pattern, Optional.empty(), Optional.empty(), reason);
        }

        /**
         * Takes the library's lock from a key or a family: what the lock protects is then this policy's to keep.
         *
         * @param pattern Flink's key, or the beginning of keys, with a dot at its end
         * @param reason why: a sentence for people, which an event and the key's explanation repeat
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder grant(String pattern, String reason) {
            return add(PolicyStatement.Kind.GRANT, pattern, Optional.empty(), Optional.empty(), reason);
        }

        /**
         * Judges the whole and returns the policy.
         *
         * @throws InvalidInputException with every finding: unknown keys, keys that are locked and not granted or that no
         *     policy can grant, values that do not fit, two statements of a kind about one key
         */
        public ConfigurationPolicy build() {
            ConfigurationPolicy policy = new ConfigurationPolicy(name, statements);
            List<Finding> all = new ArrayList<>(findings);
            Set<String> said = new HashSet<>();
            KeyJudge judge = new KeyJudge(Policies.of(policy));
            for (PolicyStatement one : statements) {
                if (!said.add(one.kind() + " " + one.pattern())) {
                    all.add(new Finding(
                            subject(one.pattern()), "said twice", "one " + one.kind() + " a key", "Remove one."));
                }
                one.value().ifPresent(value -> judge.judge("policy " + name + ",", one.pattern(), value).stream()
                        .filter(Finding::isError)
                        .forEach(all::add));
                if (one.kind() == PolicyStatement.Kind.GRANT) {
                    judgeGrant(one).ifPresent(all::add);
                }
            }
            if (!all.isEmpty()) {
                throw new InvalidInputException("policy " + name, all);
            }
            return policy;
        }

        private Optional<Finding> judgeGrant(PolicyStatement grant) {
            KeyCatalogue catalogue = KeyCatalogue.ofFlink();
            List<KeyRule> locked = catalogue.keys().stream()
                    .map(catalogue::nameOf)
                    .filter(grant::covers)
                    .map(catalogue::ruleOf)
                    .filter(rule -> rule.kind() == Kind.LOCKED)
                    .toList();
            if (locked.stream().anyMatch(KeyRule::grantable)) {
                return Optional.empty();
            }
            return Optional.of(
                    locked.isEmpty()
                            ? new Finding(
                                    subject(grant.pattern()),
                                    "a grant",
                                    "a key that is locked",
                                    "Remove the grant: nothing there is locked.")
                            : new Finding(
                                    subject(grant.pattern()),
                                    "a grant",
                                    "a key that a policy can grant",
                                    locked.get(0).reason()));
        }

        private Builder add(
                PolicyStatement.Kind kind,
                String pattern,
                Optional<String> value,
                Optional<Bounds> bounds,
                String reason) {
            requireNonNull(reason, "reason");
            if (reason.isBlank()) {
                findings.add(new Finding(subject(pattern), "no reason", "a reason", "Say why, for whoever asks."));
            }
            statements.add(
                    new PolicyStatement(name, kind, KeyCatalogue.ofFlink().nameOf(pattern), value, bounds, reason));
            return this;
        }

        private String subject(String pattern) {
            return "policy " + name + ", " + pattern;
        }
    }
}
