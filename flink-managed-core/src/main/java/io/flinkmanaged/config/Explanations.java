package io.flinkmanaged.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why each key has its value that somebody set; keys of which Flink's default holds are left out.
 *
 * @param all ordered by key
 */
public record Explanations(List<Explanation> all) {

    /** Keeps a copy. */
    public Explanations {
        all = List.copyOf(all);
    }

    /**
     * Returns the explanation of a key.
     *
     * @param key the Flink key, which may be a former name
     * @return empty if nobody set it
     */
    public Optional<Explanation> of(String key) {
        String name = KeyCatalogue.ofFlink().nameOf(key);
        return all.stream().filter(one -> one.key().equals(name)).findFirst();
    }

    /** Returns all of them as text for people, without secrets. */
    @Override
    public String toString() {
        return all.stream().map(Explanation::toString).collect(Collectors.joining("\n\n"));
    }
}
