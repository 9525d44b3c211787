package io.flinkmanaged.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who reads which key: a list inside the jar, by families of keys; the longest name that a key begins with counts. */
final class KeyReaders {

    private static final String RESOURCE = "/io/flinkmanaged/config/key-readers.tsv";
    private static final String SAVEPOINT = "+savepoint";

    private static final class Holder {
        static final Map<String, KeyChange> FAMILIES = load();
    }

    private KeyReaders() {}

    /** Returns what is known of a key's present name; empty if it belongs to no family. */
    static Optional<KeyChange> find(String key) {
        Map<String, KeyChange> families = Holder.FAMILIES;
        String family = key;
        while (!families.containsKey(family)) {
            int dot = family.lastIndexOf('.', family.length() - 2);
            if (dot < 0) {
                return Optional.empty();
            }
            family = family.substring(0, dot + 1);
        }
        return Optional.ofNullable(families.get(family));
    }

    private static Map<String, KeyChange> load() {
        Map<String, KeyChange> families = new HashMap<>();
        try {
            for (String line : Resources.readLines(Resources.getResource(KeyReaders.class, RESOURCE), UTF_8)) {
                if (!line.startsWith("#")) {
                    String[] fields = line.split("\t", -1);
                    families.put(fields[0], change(fields[1], fields[2]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The library's jar is damaged: cannot read " + RESOURCE, e);
        }
        return families;
    }

    private static KeyChange change(String reader, String reason) {
        boolean needsSavepoint = reader.endsWith(SAVEPOINT);
        String name = needsSavepoint ? reader.substring(0, reader.length() - SAVEPOINT.length()) : reader;
        return new KeyChange(KeyReader.valueOf(name), needsSavepoint, reason);
    }
}
