package io.flinkmanaged.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Content addresses: SHA-256 in lower-case hexadecimal. */
public final class Digests {

    private static final int BUFFER = 1 << 16;

    private Digests() {}

    /**
     * Returns the SHA-256 of bytes.
     *
     * @param content the bytes
     */
    public static String sha256(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    /**
     * Returns the SHA-256 of a file.
     *
     * @param file the file
     * @throws IOException if it cannot be read
     */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream content = Files.newInputStream(file)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Returns the first sixteen bytes of the SHA-256 of a list of texts; {@code ["ab", "c"]} differs from
     * {@code ["a", "bc"]}.
     *
     * @param parts the texts
     */
    public static byte[] sixteenBytes(List<String> parts) {
        MessageDigest digest = digest();
        for (String part : parts) {
            byte[] bytes = part.getBytes(UTF_8);
            // This order for ever: checkpoints lie in directories that are named after such digests.
            digest.update(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(bytes.length)
                    .array());
            digest.update(bytes);
        }
        return Arrays.copyOf(digest.digest(), 16);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
