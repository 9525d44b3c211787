package io.flinkmanaged.testkit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** One generation of an object. */
final class GcsObject {

    private final String bucket;
    private final String name;
    private final GcsContent content;
    private final Attributes attributes;
    private final long generation;
    private final long metageneration;
    private final Instant created;
    private final Instant updated;

    private GcsObject(
            String bucket,
            String name,
            GcsContent content,
            Attributes attributes,
            long generation,
            long metageneration,
            Instant created,
            Instant updated) {
        this.bucket = bucket;
        this.name = name;
        this.content = content;
        this.attributes = attributes;
        this.generation = generation;
        this.metageneration = metageneration;
        this.created = created;
        this.updated = updated;
    }

    static GcsObject create(
            String bucket, String name, GcsContent content, Attributes attributes, long generation, Instant now) {
        return new GcsObject(bucket, name, content, attributes, generation, 1, now, now);
    }

    /** Returns the same generation with other attributes. */
    GcsObject with(Attributes others, Instant now) {
        return new GcsObject(bucket, name, content, others, generation, metageneration + 1, created, now);
    }

    String bucket() {
        return bucket;
    }

    String name() {
        return name;
    }

    GcsContent content() {
        return content;
    }

    int size() {
        return content.bytes().length;
    }

    Attributes attributes() {
        return attributes;
    }

    long generation() {
        return generation;
    }

    long metageneration() {
        return metageneration;
    }

    Instant created() {
        return created;
    }

    Instant updated() {
        return updated;
    }

    /**
     * What its writer says of an object.
     *
     * @param contentType the type of its content
     * @param metadata the writer's own words
     */
    record Attributes(String contentType, Map<String, String> metadata) {

        static final Attributes NONE = new Attributes("application/octet-stream", Map.of());

        Attributes {
            metadata = new TreeMap<>(metadata);
        }
    }
}
