package io.flinkmanaged.testkit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import tools.jackson.databind.JsonNode;

/** What is in an object, with its checksums, which are counted once: a listing tells those of every object. */
final class GcsContent {

    private final byte[] bytes;
    private final String crc32c;
    private final Optional<String> md5;
    private final Optional<Integer> components;

    private GcsContent(byte[] bytes, Optional<String> md5, Optional<Integer> components) {
        this.bytes = bytes;
        this.crc32c = crc32cOf(bytes);
        this.md5 = md5;
        this.components = components;
    }

    /**
     * Returns content that was sent in one piece.
     *
     * @param bytes not changed from now on
     */
    static GcsContent of(byte[] bytes) {
        return new GcsContent(bytes, Optional.of(md5Of(bytes)), Optional.empty());
    }

    /** Returns content that was composed of others; Google tells no MD5 of it. */
    static GcsContent composed(List<GcsContent> parts) {
        byte[] whole = Bytes.concatenated(parts.stream().map(GcsContent::bytes).toArray(byte[][]::new));
        int components =
                parts.stream().mapToInt(part -> part.components.orElse(1)).sum();
        return new GcsContent(whole, Optional.empty(), Optional.of(components));
    }

    byte[] bytes() {
        return bytes;
    }

    String crc32c() {
        return crc32c;
    }

    Optional<String> md5() {
        return md5;
    }

    /** Returns of how many pieces it was composed; empty if it was not. */
    Optional<Integer> components() {
        return components;
    }

    private static String crc32cOf(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        byte[] bigEndian = ByteBuffer.allocate(4).putInt((int) sum.getValue()).array();
        return Base64.getEncoder().encodeToString(bigEndian);
    }

    private static String md5Of(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has it.", e);
        }
    }

    /**
     * What a writer says that its content comes to.
     *
     * @param crc32c of the whole, if it says so
     * @param md5 of the whole, if it says so
     */
    record Checksums(Optional<String> crc32c, Optional<String> md5) {

        /** Reads them in what a writer sends beside the content. */
        static Checksums of(JsonNode resource) {
            return new Checksums(
                    resource.path("crc32c").asStringOpt(),
                    resource.path("md5Hash").asStringOpt());
        }

        /** Refuses content that was damaged on its way. */
        void require(GcsContent content) {
            require("CRC32C", crc32c, Optional.of(content.crc32c()));
            require("MD5 hash", md5, content.md5());
        }

        private static void require(String kind, Optional<String> provided, Optional<String> calculated) {
            if (provided.isPresent() && !provided.equals(calculated)) {
                throw GcsRefusal.invalid("Provided " + kind + " \"" + provided.get() + "\" doesn't match calculated "
                        + kind + " \"" + calculated.orElse("") + "\".");
            }
        }
    }
}
