package io.flinkmanaged.config;

import io.flinkmanaged.model.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Flink keys that a person set, under their present names. Immutable, equal by content. */
public final class Overrides {

    private final SortedMap<String, String> written;
    private final SortedMap<String, String> values;

    private Overrides(SortedMap<String, String> written) {
        KeyCatalogue catalogue = KeyCatalogue.ofFlink();
        SortedMap<String, String> present = new TreeMap<>();
        written.forEach((key, value) -> present.putIfAbsent(catalogue.nameOf(key), value));
        // Of two names of one option, Flink reads the former one only where the present one is not set.
        present.replaceAll((key, value) -> written.getOrDefault(key, value));
        this.written = written;
        this.values = Collections.unmodifiableSortedMap(present);
    }

    /**
     * Takes keys as they were written, former names among them.
     *
     * @param written values by keys
     */
    public static Overrides of(Map<String, String> written) {
        return new Overrides(Collections.unmodifiableSortedMap(new TreeMap<>(written)));
    }

    /** Returns the keys as they were written. */
    public SortedMap<String, String> written() {
        return written;
    }

    /** Returns the values by the keys' present names. */
    public SortedMap<String, String> values() {
        return values;
    }

    /**
     * Judges the keys without knowing the policies of whoever will run them: a lock that some policy could grant is advice.
     *
     * @return everything that is wrong, or worth knowing
     */
    public List<Finding> findings() {
        KeyCatalogue catalogue = KeyCatalogue.ofFlink();
        List<Finding> findings = new ArrayList<>();
        KeyJudge judge = new KeyJudge(Policies.NONE);
        written.forEach((key, value) -> {
            boolean grantable = catalogue.ruleOf(key).grantable();
            judge.judge("override", key, value).forEach(one -> findings.add(grantable ? one.asAdvice() : one));
        });
        findings.addAll(contradictions());
        return List.copyOf(findings);
    }

    /**
     * Judges the keys under the policies of whoever runs them.
     *
     * @param policies what they grant, forbid and bound
     * @return everything that is wrong, or worth knowing
     */
    public List<Finding> findings(Policies policies) {
        List<Finding> findings = new ArrayList<>();
        KeyJudge judge = new KeyJudge(policies);
        written.forEach((key, value) -> findings.addAll(judge.judge("override", key, value)));
        findings.addAll(contradictions());
        values.forEach((key, value) -> findings.addAll(policies.judgeOverride(key)));
        return List.copyOf(findings);
    }

    private List<Finding> contradictions() {
        KeyCatalogue catalogue = KeyCatalogue.ofFlink();
        List<Finding> findings = new ArrayList<>();
        written.forEach((key, value) -> {
            String name = catalogue.nameOf(key);
            String inEffect = values.getOrDefault(name, value);
            if (!value.equals(inEffect)) {
                findings.add(new Finding(
                        "override " + key,
                        SecretKeys.shown(key, value),
                        "one value for " + name + ", of which it is a former name",
                        "Remove it: another of its names says " + SecretKeys.shown(name, inEffect) + "."));
            }
        });
        findings.addAll(KeyPairs.judge(values));
        return findings;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Overrides that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Returns the keys; values are left out, because one may be a secret. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
