package io.flinkmanaged.config;

import io.flinkmanaged.config.PolicyStatement.Kind;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SecretRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The policies of one embedder, together. Immutable. */
public final class Policies {

    /** No policy. */
    public static final Policies NONE = of();

    private final List<PolicyStatement> statements;

    private Policies(List<PolicyStatement> statements) {
        this.statements = statements;
    }

    /**
     * Puts policies together.
     *
     * @param policies the policies
     * @throws InvalidInputException if two of them give one key different values
     */
    public static Policies of(ConfigurationPolicy... policies) {
        return of(List.of(policies));
    }

    /**
     * Puts policies together.
     *
     * @param policies the policies
     * @throws InvalidInputException if two of them give one key different values
     */
    public static Policies of(List<ConfigurationPolicy> policies) {
        List<PolicyStatement> all = policies.stream()
                .flatMap(policy -> policy.statements().stream())
                .toList();
        Map<String, PolicyStatement> values = new TreeMap<>();
        List<Finding> findings = new ArrayList<>();
        all.stream().filter(one -> one.kind() == Kind.SET).forEach(one -> {
            PolicyStatement other = values.putIfAbsent(one.pattern(), one);
            if (other != null
                    && !other.policy().equals(one.policy())
                    && !other.value().equals(one.value())) {
                findings.add(new Finding(
                        "policy " + one.policy() + ", " + one.pattern(),
                        SecretKeys.shown(one.pattern(), one.value().orElse("")),
                        "the value that policy " + other.policy() + " gives it: "
                                + SecretKeys.shown(one.pattern(), other.value().orElse("")),
                        "Let one policy decide the key."));
            }
        });
        if (!findings.isEmpty()) {
            throw new InvalidInputException("policies", findings);
        }
        return new Policies(all);
    }

    /** Returns the values that the policies give to keys, with the layer {@code POLICY}. */
    public List<Setting> settings() {
        return ofKind(Kind.SET)
                .map(one -> new Setting(
                        one.pattern(),
                        one.value().orElse(""),
                        Layer.POLICY,
                        "policy " + one.policy() + ": " + one.reason()))
                .toList();
    }

    /**
     * Returns the grant that takes the lock from a key.
     *
     * @param key the key, which may be a former name
     */
    public Optional<PolicyStatement> grantOf(String key) {
        String name = KeyCatalogue.ofFlink().nameOf(key);
        return KeyCatalogue.ofFlink().ruleOf(name).grantable()
                ? ofKind(Kind.GRANT).filter(one -> one.covers(name)).findFirst()
                : Optional.empty();
    }

    /**
     * Returns what the policies say about a key, besides its value.
     *
     * @param key the key, which may be a former name
     */
    public List<PolicyStatement> about(String key) {
        String name = KeyCatalogue.ofFlink().nameOf(key);
        return statements.stream()
                .filter(one -> one.kind() != Kind.SET && one.covers(name))
                .filter(one -> one.kind() != Kind.GRANT || grantOf(name).isPresent())
                .toList();
    }

    /**
     * Judges the values in effect by the policies' bounds.
     *
     * @param configuration what a cluster would run with
     * @return what is out of bounds
     */
    public List<Finding> judge(LayeredConfiguration configuration) {
        List<Finding> findings = new ArrayList<>();
        ofKind(Kind.BOUND).forEach(one -> configuration
                .explain(one.pattern())
                .inEffect()
                .filter(setting -> SecretRef.in(setting.value()).isEmpty())
                .filter(setting -> one.bounds()
                        .filter(bounds -> !bounds.admit(setting.value()))
                        .isPresent())
                .ifPresent(setting -> findings.add(new Finding(
                        one.pattern() + " (" + setting.layer() + ": " + setting.reason() + ")",
                        setting.shownValue(),
                        one.bounds().map(Bounds::toString).orElse("") + " by policy " + one.policy(),
                        "Choose a value within the policy's bounds: " + one.reason() + "."))));
        return findings;
    }

    List<Finding> judgeOverride(String name) {
        return ofKind(Kind.FORBID)
                .filter(one -> one.covers(name))
                .map(one -> new Finding(
                        "override " + name,
                        SecretKeys.HIDDEN,
                        "not overridden: policy " + one.policy() + " forbids it",
                        "Remove it: " + one.reason() + "."))
                .toList();
    }

    private Stream<PolicyStatement> ofKind(Kind kind) {
        return statements.stream().filter(one -> one.kind() == kind);
    }
}
