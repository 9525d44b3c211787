package io.flinkmanaged.gcp;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * Flink's GCS file system with all of Google's classes: a jar within this artifact's, so that it is on nobody's class path.
 */
final class ConnectorJar {

    /** Of {@code org.apache.flink:flink-gs-fs-hadoop:2.3.0}, as Maven Central has it. */
    static final String SHA_256 = "4089f99fcfe5e5326f4060a755aae06b6b38de60aaa0cbd05f8a06e92c968907";

    private static final String RESOURCE = "/META-INF/flink-managed/plugins/flink-gs-fs-hadoop.jar";
    private static final String OWNER_ONLY = "rwx------";

    private ConnectorJar() {}

    /**
     * Unpacks it into the temporary directory, once for all processes of this user: its directory is named by its content.
     */
    static Path unpacked() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return unpackedBelow(temporary.resolve("flink-managed-" + System.getProperty("user.name")));
    }

    /**
     * Unpacks it.
     *
     * @param root a directory of this user alone; made if it is absent
     * @return the whole jar, which other processes may use at the same time
     */
    static Path unpackedBelow(Path root) {
        Path jar = root.resolve(SHA_256).resolve("flink-gs-fs-hadoop.jar");
        try {
            makeOurs(root);
            if (!Files.exists(jar) || !Digests.sha256(jar).equals(SHA_256)) {
                unpack(Files.createDirectories(root.resolve(SHA_256)), jar);
            }
            return jar;
        } catch (IOException e) {
            throw new StorageException(
                    "GCS file system: cannot be unpacked to " + jar + " (expected: 74 MB in a directory of this user "
                            + "alone). Make room or remove what is there, or set java.io.tmpdir: " + e,
                    e);
        }
    }

    /** What is loaded must not be somebody else's, who put it there before us. */
    private static void makeOurs(Path root) throws IOException {
        Path unused = Files.createDirectories(
                root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        boolean ours = !Files.isSymbolicLink(root)
                && Files.getOwner(root).equals(us(root))
                && Files.getPosixFilePermissions(root).equals(PosixFilePermissions.fromString(OWNER_ONLY));
        if (!ours) {
            throw new IOException(root + " belongs to others, too");
        }
    }

    /** A file of ours shows who we are; the system property may name somebody who does not exist. */
    private static UserPrincipal us(Path root) throws IOException {
        Path probe = Files.createTempFile(root, ".owner", "");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }

    /** Whole or not at all: aside first, and then in one step to the name that others look for. */
    private static void unpack(Path directory, Path jar) throws IOException {
        Path aside = Files.createTempFile(directory, ".unpacking", ".jar");
        try (InputStream content = ConnectorJar.class.getResourceAsStream(RESOURCE)) {
            if (content == null) {
                throw new IOException("not in flink-managed-cloud-gcp's jar: " + RESOURCE);
            }
            long unused = Files.copy(content, aside, StandardCopyOption.REPLACE_EXISTING);
            String found = Digests.sha256(aside);
            if (!found.equals(SHA_256)) {
                throw new IOException("its SHA-256 is " + found + " instead of " + SHA_256);
            }
            Files.move(aside, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            boolean unused = Files.deleteIfExists(aside);
        }
    }
}
