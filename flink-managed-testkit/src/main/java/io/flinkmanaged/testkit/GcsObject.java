package io.flinkmanaged.testkit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** One generation of an object. Its content is never changed. */
final class GcsObject {

    private final String bucket;
    private final String name;
    private final byte[] content;
    private final Attributes attributes;
    private final long generation;
    private final long metageneration;
    private final Instant created;
    private final Instant updated;

    private GcsObject(
            String bucket,
            String name,
            byte[] content,
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
            String bucket, String name, byte[] content, Attributes attributes, long generation, Instant now) {
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

    byte[] content() {
        return content;
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

    String crc32c() {
        CRC32C sum = new CRC32C();
        sum.update(content);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    String md5() {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has it.", e);
        }
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
