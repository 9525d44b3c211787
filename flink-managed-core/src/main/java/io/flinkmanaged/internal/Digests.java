package io.flinkmanaged.internal;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Content addresses: SHA-256 in lower-case hexadecimal. */
public final class Digests {

    private Digests() {}

    /**
     * Returns the SHA-256 of bytes.
     *
     * @param content the bytes
     */
    public static String sha256(byte[] content) {
        return Hashing.sha256().hashBytes(content).toString();
    }

    /**
     * Returns the SHA-256 of a file.
     *
     * @param file the file
     * @throws IOException if it cannot be read
     */
    public static String sha256(Path file) throws IOException {
        return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    }

    /**
     * Returns the first sixteen bytes of the SHA-256 of a list of texts; {@code ["ab", "c"]} differs from
     * {@code ["a", "bc"]}.
     *
     * @param parts the texts
     */
    public static byte[] sixteenBytes(List<String> parts) {
        var hasher = Hashing.sha256().newHasher();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            hasher.putInt(bytes.length).putBytes(bytes);
        }
        HashCode hash = hasher.hash();
        byte[] first = new byte[16];
        hash.writeBytesTo(first, 0, first.length);
        return first;
    }
}
