package io.flinkmanaged.config;

import java.util.List;
import java.util.Optional;

/**
 * Why a key has its value.
 *
 * @param key the Flink key, by its present name
 * @param inEffect the setting that won; empty if nobody set the key and Flink has no default for it
 * @param outvoted what the other layers wanted, strongest first
 * @param ignored what a job sets though Flink does not ask the job for this key
 * @param rule what may be done with the key
 * @param policies what the embedder's policies say about it; a grant among them has loosened the rule
 * @param change what it takes to change it in a cluster that runs
 */
public record Explanation(
        String key,
        Optional<Setting> inEffect,
        List<Setting> outvoted,
        Optional<Setting> ignored,
        KeyRule rule,
        List<PolicyStatement> policies,
        KeyChange change) {

    /** Keeps copies of the lists. */
    public Explanation {
        outvoted = List.copyOf(outvoted);
        policies = List.copyOf(policies);
    }

    /** Returns the explanation as a few lines for people, without secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(key);
        inEffect.ifPresentOrElse(
                setting -> text.append(" = ").append(setting.shownValue()).append(line("from", setting)),
                () -> text.append(" is not set"));
        outvoted.forEach(setting -> text.append(valueLine("outvoted", setting)));
        ignored.ifPresent(setting -> text.append(valueLine("without effect", setting)));
        text.append("\n  rule ").append(rule);
        policies.forEach(statement -> text.append("\n  ").append(statement));
        return text.append("\n  a change takes ").append(change).toString();
    }

    private static String line(String word, Setting setting) {
        return "\n  " + word + " " + setting.layer() + ": " + setting.reason();
    }

    private static String valueLine(String word, Setting setting) {
        return "\n  " + word + " " + setting.layer() + " = " + setting.shownValue() + ": " + setting.reason();
    }
}
