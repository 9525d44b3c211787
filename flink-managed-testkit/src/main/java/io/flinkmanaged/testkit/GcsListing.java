package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists objects by a prefix, with directories by a delimiter, page by page. */
final class GcsListing {

    private static final int MOST = 1000;

    private final String prefix;
    private final Optional<String> delimiter;
    private final boolean withMarkers;
    private final Optional<String> from;
    private final Optional<String> until;
    private final Optional<String> after;
    private final int most;

    private GcsListing(GcsCall call) {
        this.prefix = call.parameter("prefix").orElse("");
        this.delimiter = call.parameter("delimiter").filter(text -> !text.isEmpty());
        this.withMarkers = call.parameter("includeTrailingDelimiter").equals(Optional.of("true"));
        this.from = call.parameter("startOffset");
        this.until = call.parameter("endOffset");
        this.after = call.parameter("pageToken").map(GcsListing::decode);
        this.most = GcsConditions.number(call, "maxResults")
                .map(wanted -> (int) Math.min(MOST, Math.max(1, wanted)))
                .orElse(MOST);
    }

    static ObjectNode of(GcsCall call, NavigableMap<String, GcsObject> objects) {
        return new GcsListing(call).page(objects);
    }

    /** Objects and prefixes are counted together, in the order of their names, as Google's pages are. */
    private ObjectNode page(NavigableMap<String, GcsObject> objects) {
        TreeMap<String, GcsObject> items = new TreeMap<>();
        TreeSet<String> prefixes = new TreeSet<>();
        for (GcsObject object : objects.tailMap(prefix, true).values()) {
            String name = object.name();
            if (!name.startsWith(prefix)) {
                break;
            }
            if (isBetween(name)) {
                Optional<String> directory = directoryOf(name);
                directory.ifPresent(prefixes::add);
                if (directory.isEmpty() || (withMarkers && directory.get().equals(name))) {
                    items.put(name, object);
                }
            }
        }
        return page(items, prefixes);
    }

    private ObjectNode page(Map<String, GcsObject> items, Set<String> prefixes) {
        TreeSet<String> names = new TreeSet<>(items.keySet());
        names.addAll(prefixes);
        after.ifPresent(last -> names.headSet(last, true).clear());
        ObjectNode json = GcsJson.object();
        json.put("kind", "storage#objects");
        ArrayNode listed = GcsJson.object().arrayNode();
        ArrayNode directories = GcsJson.object().arrayNode();
        int count = 0;
        for (String name : names) {
            if (count++ == most) {
                json.put("nextPageToken", encode(names.lower(name)));
                break;
            }
            if (prefixes.contains(name)) {
                directories.add(name);
            }
            Optional.ofNullable(items.get(name)).ifPresent(object -> listed.add(GcsJson.ofObject(object)));
        }
        // Google leaves out what is empty.
        if (!listed.isEmpty()) {
            json.set("items", listed);
        }
        if (!directories.isEmpty()) {
            json.set("prefixes", directories);
        }
        return json;
    }

    private boolean isBetween(String name) {
        return from.map(first -> name.compareTo(first) >= 0).orElse(true)
                && until.map(end -> name.compareTo(end) < 0).orElse(true);
    }

    /** The directory directly below the prefix in which an object lies; empty if it lies in none. */
    private Optional<String> directoryOf(String name) {
        return delimiter.flatMap(end -> {
            int found = name.indexOf(end, prefix.length());
            return found < 0 ? Optional.empty() : Optional.of(name.substring(0, found + end.length()));
        });
    }

    private static String encode(String name) {
        return Base64.getUrlEncoder().encodeToString(name.getBytes(UTF_8));
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), UTF_8);
        } catch (IllegalArgumentException e) {
            throw GcsRefusal.invalid("Invalid value for pageToken.");
        }
    }
}
