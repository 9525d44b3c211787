package io.flinkmanaged.config;

import io.flinkmanaged.config.KeyRule.Kind;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.SecretRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong with one key and its value. A value of a key that is locked, unknown or one of a secret is not shown: a
 * misspelt key may be one of a secret, too.
 */
final class KeyJudge {

    private static final String COMMAND_LINE = "env.";

    private final KeyCatalogue catalogue = KeyCatalogue.ofFlink();
    private final Policies policies;

    /** Judges locks as the policies leave them. */
    KeyJudge(Policies policies) {
        this.policies = policies;
    }

    /**
     * Judges what a person wrote.
     *
     * @param who says it, such as {@code override}
     * @param key the key as it was written
     * @param value its value
     */
    List<Finding> judge(String who, String key, String value) {
        String subject = who + " " + key;
        String name = catalogue.nameOf(key);
        List<Finding> findings = new ArrayList<>();
        if (!name.equals(key)) {
            findings.add(new Finding(
                            subject,
                            "a former name",
                            "the key's present name, as which it is taken: " + name,
                            "Write " + name + ".")
                    .asAdvice());
        }
        if (KeyChange.of(name).reader() == KeyReader.NOBODY && ruleOf(name).kind() == Kind.FREE) {
            findings.add(new Finding(
                            subject,
                            "without effect",
                            "a key that a process of a session cluster reads: this one is "
                                    + KeyChange.of(name).reason(),
                            "Remove it.")
                    .asAdvice());
        }
        judgeValue(subject, name, value).ifPresent(findings::add);
        return findings;
    }

    private KeyRule ruleOf(String name) {
        KeyRule rule = catalogue.ruleOf(name);
        return policies.grantOf(name).isPresent() ? rule.granted() : rule;
    }

    private Optional<Finding> judgeValue(String subject, String name, String value) {
        KeyRule rule = ruleOf(name);
        if (rule.setting().isPresent()) {
            return Optional.of(new Finding(
                    subject,
                    SecretKeys.HIDDEN,
                    "not overridden",
                    "It has a setting of its own: use " + rule.setting().get() + "."));
        }
        return switch (rule.kind()) {
            case LOCKED -> Optional.of(locked(subject, name, rule));
            case UNKNOWN -> Optional.of(unknown(subject, name));
            case SECRET ->
                SecretRef.parse(value).isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                new Finding(subject, SecretKeys.HIDDEN, "a reference to a secret", rule.reason()));
            case FREE, BOUNDED -> judgeOpen(subject, name, value, rule);
        };
    }

    private Finding locked(String subject, String name, KeyRule rule) {
        return rule.grantable()
                ? new Finding(
                        subject,
                        SecretKeys.HIDDEN,
                        "not overridden, unless a policy of the ManagedFlink that runs the cluster grants it",
                        rule.reason() + " To grant it: ConfigurationPolicy.named(…).grant(\"" + name + "\", why).")
                : new Finding(subject, SecretKeys.HIDDEN, "not overridden", rule.reason());
    }

    private Finding unknown(String subject, String name) {
        return new Finding(
                subject,
                SecretKeys.HIDDEN,
                "a configuration key of Flink",
                catalogue
                        .nearest(name)
                        .map(near -> "Did you mean " + near + "?")
                        .orElse("Look it up in Flink's configuration reference."));
    }

    private Optional<Finding> judgeOpen(String subject, String name, String value, KeyRule rule) {
        String type = catalogue.typeOf(name).orElse("String");
        if (SecretRef.isMalformedIn(value)) {
            return Optional.of(new Finding(
                    subject,
                    SecretKeys.HIDDEN,
                    "references to secrets of the form ${secret:scheme:name}",
                    "Write ${secret:env:NAME} or ${secret:file:/path}."));
        }
        if (!SecretRef.in(value).isEmpty()) {
            return judgeReference(subject, name, type);
        }
        if (rule.bounds().isPresent()) {
            return judgeBounds(subject, value, rule.bounds().get(), rule.reason());
        }
        return ValueTypes.judge(subject, name, type, value);
    }

    private static Optional<Finding> judgeReference(String subject, String name, String type) {
        if (name.startsWith(COMMAND_LINE)) {
            return Optional.of(new Finding(
                    subject,
                    "a reference to a secret",
                    "none: the value becomes part of a command line, which every user of the machine can read",
                    "Have the program read the secret from a file."));
        }
        if (KeyChange.of(name).reader().asksTheJob()) {
            return Optional.of(new Finding(
                    subject,
                    "a reference to a secret",
                    "none: the value becomes part of every job's plan, which is kept beside its state",
                    "Have the job read the secret where it runs."));
        }
        return ValueTypes.isText(type)
                ? Optional.empty()
                : Optional.of(new Finding(
                        subject,
                        "a reference to a secret",
                        "a value of the type " + type + ": secrets are texts",
                        "Write the value itself."));
    }

    /** A value that is none of the type is outside of any bounds. */
    static Optional<Finding> judgeBounds(String subject, String value, Bounds bounds, String reason) {
        if (bounds.admit(value)) {
            return Optional.empty();
        }
        Optional<Finding> ofType = ValueTypes.amount(bounds.type(), value).isPresent()
                ? Optional.empty()
                : ValueTypes.judge(subject, subject, bounds.type(), value);
        return ofType.or(() -> Optional.of(
                new Finding(subject, value, bounds.toString(), "Choose a value within the bounds: " + reason + ".")));
    }
}
