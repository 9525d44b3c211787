package io.flinkmanaged.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.flinkmanaged.config.KeyRule.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rule of each key: a list inside the jar, by keys and by families, of which the longest name that a key begins with
 * counts; and by ends of names which say that a value is a secret.
 */
final class KeyRules {

    private static final String RESOURCE = "/io/flinkmanaged/config/key-rules.tsv";

    private static final class Holder {
        static final KeyRules RULES = load();
    }

    private final Map<String, Line> families = new HashMap<>();
    private final List<Pattern> secrets = new ArrayList<>();
    private String ofSecrets = "";

    private KeyRules() {}

    /** Returns the rule of a key's present name; empty if the list says nothing of it. */
    static Optional<KeyRule> find(String name) {
        Optional<Line> line = lineOf(name);
        return isSecret(name)
                ? Optional.of(line.map(Line::rule).orElse(KeyRule.FREE).ofSecret(Holder.RULES.ofSecrets))
                : line.map(Line::rule);
    }

    /** Returns whether the list has a line for a key, be it of a family. */
    static boolean isListed(String name) {
        return lineOf(name).isPresent();
    }

    /** Returns whether keys of this family exist that the catalogue cannot know. */
    static boolean isOpen(String name) {
        return lineOf(name).filter(Line::open).isPresent();
    }

    /** Returns whether a key's value is a secret, as its name tells. */
    static boolean isSecret(String name) {
        return Holder.RULES.secrets.stream().anyMatch(end -> end.matcher(name).matches());
    }

    private static Optional<Line> lineOf(String name) {
        Map<String, Line> families = Holder.RULES.families;
        String family = name;
        while (!families.containsKey(family)) {
            int dot = family.lastIndexOf('.', family.length() - 2);
            if (dot < 0) {
                return Optional.empty();
            }
            family = family.substring(0, dot + 1);
        }
        return Optional.ofNullable(families.get(family));
    }

    private static KeyRules load() {
        KeyRules rules = new KeyRules();
        try {
            for (String line : Resources.readLines(Resources.getResource(KeyRules.class, RESOURCE), UTF_8)) {
                if (!line.startsWith("#")) {
                    rules.add(line.split("\t", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The library's jar is damaged: cannot read " + RESOURCE, e);
        }
        return rules;
    }

    private void add(String[] fields) {
        String pattern = fields[0];
        String reason = fields[4];
        Optional<Bounds> bounds = fields[2].isEmpty() ? Optional.empty() : Optional.of(Bounds.parse(fields[2]));
        Optional<String> setting = fields[3].isEmpty() ? Optional.empty() : Optional.of(fields[3]);
        switch (fields[1]) {
            case "SECRET" -> {
                String literal = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
                secrets.add(Pattern.compile(literal, Pattern.CASE_INSENSITIVE));
                ofSecrets = reason;
            }
            case "OPEN" -> families.put(pattern, new Line(KeyRule.of(Kind.FREE, ""), true));
            case "LOCKED-ALWAYS" -> families.put(pattern, new Line(KeyRule.of(Kind.LOCKED, reason), false));
            default ->
                families.put(
                        pattern,
                        new Line(
                                new KeyRule(
                                        Kind.valueOf(fields[1]),
                                        bounds,
                                        setting,
                                        fields[1].equals("LOCKED"),
                                        false,
                                        reason),
                                false));
        }
    }

    private record Line(KeyRule rule, boolean open) {}
}
