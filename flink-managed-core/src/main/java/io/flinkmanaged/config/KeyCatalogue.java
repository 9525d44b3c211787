package io.flinkmanaged.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.flinkmanaged.config.KeyRule.Kind;
import io.flinkmanaged.internal.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Every configuration key of the Flink version this library is built for, with its type and default, and what an
 * embedder may do with it.
 *
 * <p>Read from a list inside the jar that was made from Flink's own {@code ConfigOption} constants; a test holds the
 * list against them. Nothing is scanned at run time.
 */
public final class KeyCatalogue {

    private static final String RESOURCE = "/io/flinkmanaged/config/flink-keys.tsv";

    private static final Pattern PLACEHOLDER = Pattern.compile("<[a-z_]+>");

    private static final class Holder {
        static final KeyCatalogue FLINK = new KeyCatalogue(load());
    }

    private final SortedMap<String, Entry> entries;
    /** Keys in which a name is to be filled in. */
    private final Map<Pattern, Entry> templates = new HashMap<>();

    private KeyCatalogue(SortedMap<String, Entry> entries) {
        this.entries = entries;
        entries.forEach((key, entry) -> {
            if (key.contains(".") && PLACEHOLDER.matcher(key).find()) {
                String filledIn = PLACEHOLDER.matcher(Pattern.quote(key)).replaceAll("\\\\E[^.]+\\\\Q");
                templates.put(Pattern.compile(filledIn), entry);
            }
        });
    }

    /** Returns the catalogue of the Flink version that this library is built for; read once, when first needed. */
    public static KeyCatalogue ofFlink() {
        return Holder.FLINK;
    }

    /** Returns every key, in order, former names among them. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * Returns what may be done with a key.
     *
     * @param key the Flink key; of a former name, the rule of the present one is returned
     */
    public KeyRule ruleOf(String key) {
        String name = nameOf(key);
        KeyRule rule = KeyRules.find(name).orElse(KeyRule.FREE);
        boolean exists = find(name).isPresent() || KeyRules.isOpen(name);
        boolean unfilled = Arrays.stream(name.split("\\.", -1))
                .anyMatch(segment -> PLACEHOLDER.matcher(segment).matches());
        boolean never = rule.kind() == Kind.LOCKED && !rule.grantable();
        return never || (exists && !unfilled) ? rule : KeyRule.UNKNOWN;
    }

    /**
     * Returns whether the value of a key is a secret, as its name tells; also of keys that are not Flink's.
     *
     * @param key any name
     */
    public static boolean isSecret(String key) {
        return KeyRules.isSecret(key);
    }

    /**
     * Returns the type of a key's values: the simple name of a class, of an enum with its names.
     *
     * @param key the Flink key
     * @return the type; empty if the key is not in the catalogue
     */
    public Optional<String> typeOf(String key) {
        return find(key).map(Entry::type);
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
     * Returns the key that a person most likely meant.
     *
     * @param key a key that is not in the catalogue
     * @return the nearest one, if one is near
     */
    public Optional<String> nearest(String key) {
        List<String> ofPeople = entries.keySet().stream()
                .filter(known -> !known.startsWith("$") && !known.startsWith("<"))
                .toList();
        return Nearest.to(key, ofPeople).map(this::nameOf);
    }

    /**
     * Returns whether a key is one of Flink's own, and not of a plug-in.
     *
     * @param key the Flink key
     */
    public boolean isListed(String key) {
        return entries.containsKey(key);
    }

    /**
     * Returns the present name of a key.
     *
     * @param key the Flink key, which may be a former name of it, or unknown
     */
    public String nameOf(String key) {
        Entry entry = entries.get(key);
        return entry == null ? key : entry.name();
    }

    private Optional<Entry> find(String key) {
        return Optional.ofNullable(entries.get(key)).or(() -> templates.entrySet().stream()
                .filter(template -> template.getKey().matcher(key).matches())
                .map(Map.Entry::getValue)
                .findFirst());
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
