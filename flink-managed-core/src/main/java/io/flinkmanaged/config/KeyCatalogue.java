package io.flinkmanaged.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.flinkmanaged.internal.Nearest;
import io.flinkmanaged.model.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every configuration key of the Flink version this library is built for, with its type and default, and what an
 * embedder may do with it.
 *
 * <p>Read from a list inside the jar that was made from Flink's own {@code ConfigOption} constants; a test holds the
 * list against them. Nothing is scanned at run time.
 */
public final class KeyCatalogue {

    private static final String RESOURCE = "/io/flinkmanaged/config/flink-keys.tsv";

    /** Families whose keys carry a name that the user chooses, or belong to a plug-in that Flink finds at run time. */
    private static final List<String> OPEN_FAMILIES = List.of(
            "metrics.reporter.",
            "traces.reporter.",
            "events.reporter.",
            "metrics.scope.variables.",
            "external-resource.",
            "security.delegation.token.provider.",
            "fs.",
            "s3.",
            "state.backend.rocksdb.",
            "gs.",
            "pipeline.global-job-parameters.");

    private static final class Holder {
        static final KeyCatalogue FLINK = new KeyCatalogue(load());
    }

    private final SortedMap<String, Entry> entries;

    private KeyCatalogue(SortedMap<String, Entry> entries) {
        this.entries = entries;
    }

    /** Returns the catalogue of the Flink version that this library is built for; read once, when first needed. */
    public static KeyCatalogue ofFlink() {
        return Holder.FLINK;
    }

    /** Returns every key, in order. */
    Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * Returns what may be done with a key.
     *
     * @param key the Flink key
     */
    public KeyRule ruleOf(String key) {
        Optional<KeyRule> locked = LockedKeys.ruleOf(nameOf(key));
        if (locked.isPresent()) {
            return locked.get();
        }
        return entries.containsKey(key) || OPEN_FAMILIES.stream().anyMatch(key::startsWith)
                ? KeyRule.FREE
                : KeyRule.UNKNOWN;
    }

    /**
     * Returns Flink's default of a key as its configuration file would have it.
     *
     * @param key the Flink key
     * @return the default; empty if the key is unknown or has none
     */
    public Optional<String> defaultOf(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::defaultText).filter(text -> !text.isEmpty());
    }

    /**
     * Looks at an override. The value of a key that is locked or unknown is not shown, because a misspelt key may be one of
     * a secret.
     *
     * @param key the Flink key
     * @param value its value
     * @return what is wrong with it, if something is
     */
    public Optional<Finding> judge(String key, String value) {
        KeyRule rule = ruleOf(key);
        String name = nameOf(key);
        if (!name.equals(key)) {
            return Optional.of(new Finding(
                    "override " + key,
                    SecretKeys.HIDDEN,
                    "the key's present name: Flink would let any value of " + name + " win over it",
                    rule.kind() == KeyRule.Kind.LOCKED ? rule.reason() : "Write " + name + "."));
        }
        return switch (rule.kind()) {
            case LOCKED ->
                Optional.of(new Finding("override " + key, SecretKeys.HIDDEN, "not overridden", rule.reason()));
            case UNKNOWN ->
                Optional.of(new Finding(
                        "override " + key,
                        SecretKeys.HIDDEN,
                        "a configuration key of Flink",
                        nearest(key)
                                .map(near -> "Did you mean " + near + "?")
                                .orElse("Look it up in Flink's configuration reference.")));
            case FREE ->
                Optional.ofNullable(entries.get(key)).flatMap(entry -> ValueTypes.judge(key, entry.type, value));
        };
    }

    /**
     * Returns the key that a person most likely meant.
     *
     * @param key a key that is not in the catalogue
     * @return the nearest one, if one is near
     */
    public Optional<String> nearest(String key) {
        return Nearest.to(key, entries.keySet());
    }

    /**
     * Returns whether a key is one of Flink's own, and not of a plug-in.
     *
     * @param key the Flink key
     */
    public boolean isListed(String key) {
        return entries.containsKey(key);
    }

    /** Returns the present name of a key, which may be a former one. */
    String nameOf(String key) {
        Entry entry = entries.get(key);
        return entry == null ? key : entry.name();
    }

    private static SortedMap<String, Entry> load() {
        SortedMap<String, Entry> entries = new TreeMap<>();
        try {
            for (String line : Resources.readLines(Resources.getResource(KeyCatalogue.class, RESOURCE), UTF_8)) {
                String[] fields = line.split("\t", -1);
                entries.put(fields[0], new Entry(fields[1], fields[2], fields.length > 3 ? fields[3] : fields[0]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The library's jar is damaged: cannot read " + RESOURCE, e);
        }
        return entries;
    }

    /** The name is another one than the key where the key is a former name, which Flink reads when the other is not set. */
    private record Entry(String type, String defaultText, String name) {}
}
