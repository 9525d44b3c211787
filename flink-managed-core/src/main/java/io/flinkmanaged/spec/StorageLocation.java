package io.flinkmanaged.spec;

import io.flinkmanaged.model.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where state lies: plain data that the adapter for its scheme understands.
 *
 * <p>Usually made by an adapter's builder, such as {@code FileStorage.at(directory)}.
 *
 * @param uri an absolute URI with a scheme; below it the library keeps a directory for each cluster
 * @param options what else the adapter needs, by the adapter's own names
 */
public record StorageLocation(URI uri, SortedMap<String, String> options) {

    /** Refuses a URI without a scheme. */
    public StorageLocation {
        if (uri.getScheme() == null || uri.isOpaque()) {
            throw InvalidInputException.of(
                    "storage URI",
                    uri,
                    "an absolute URI such as file:///data/flink",
                    "Use FileStorage.at(directory), or write the scheme.");
        }
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /**
     * Returns a location without options.
     *
     * @param uri an absolute URI with a scheme
     */
    public static StorageLocation at(String uri) {
        try {
            return new StorageLocation(new URI(uri), new TreeMap<>(Map.of()));
        } catch (URISyntaxException e) {
            throw InvalidInputException.of(
                            "storage URI",
                            "\"" + uri + "\"",
                            "an absolute URI such as file:///data/flink",
                            "Escape special characters.")
                    .because(e);
        }
    }

    /** Returns the URI and the names of the options; a value may be a secret. */
    @Override
    public String toString() {
        return options.isEmpty() ? uri.toString() : uri + " with " + options.keySet();
    }

    /** Returns the URI's scheme in lower case. */
    public String scheme() {
        return uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
