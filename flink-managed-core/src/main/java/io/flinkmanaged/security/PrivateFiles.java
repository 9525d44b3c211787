package io.flinkmanaged.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that their owner alone may read, in directories that their owner alone may enter. */
final class PrivateFiles {

    static final Set<PosixFilePermission> READ_ONLY = Set.of(PosixFilePermission.OWNER_READ);

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateFiles() {}

    /** Makes a directory of mode 0700 with its parents; refuses one that others may enter. */
    static Path directory(Path directory) {
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNERS));
        } catch (IOException e) {
            throw failure("directory " + directory + " for private keys", "cannot be made", e);
        }
        requirePrivate(directory, "chmod 700 " + directory);
        return directory;
    }

    /** Creates a file of mode 0400, whole, unless there is one. */
    static void createIfAbsent(Path file, String text) {
        try {
            boolean unusedCreated = DurableFiles.createIfAbsent(file, text.getBytes(UTF_8), READ_ONLY);
        } catch (IOException e) {
            throw failure("file " + file, "cannot be written", e);
        }
    }

    /** Puts a file of mode 0400 in the place of whatever was there. */
    static void replace(Path file, byte[] content) {
        try {
            DurableFiles.replace(file, content, READ_ONLY);
        } catch (IOException e) {
            throw failure("file " + file, "cannot be written", e);
        }
    }

    /** Reads a file that holds a key. */
    static String read(Path file) {
        try {
            requirePrivate(file, "chmod 400 " + file);
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw InvalidInputException.of(
                            file.toString(),
                            "not readable: " + e,
                            "a file that this process may read",
                            "Run as the user who launched the cluster first, or restore the file from a copy.")
                    .because(e);
        }
    }

    /** Refuses to go on without a file that others rely on. */
    static void requireStillThere(String what, Path file) {
        if (!Files.exists(file)) {
            throw InvalidInputException.of(
                    what + " " + file,
                    "gone",
                    "the file that was there before",
                    "Restore it from a copy, or terminate the cluster and launch it again.");
        }
    }

    /** Returns what is thrown when the disk, or its permissions, stand against something of our own. */
    static UncheckedIOException failure(String subject, String what, IOException cause) {
        return new UncheckedIOException(
                new Finding(
                                subject,
                                what + ": " + cause,
                                "possible for this process, on a disk with room",
                                "Make room on the disk, or let this process's user write there.")
                        .toString(),
                cause);
    }

    private static void requirePrivate(Path path, String command) {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(path);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new Finding(
                                    path.toString(),
                                    "who may read it cannot be told: " + e,
                                    "there, on a file system with POSIX permissions",
                                    "Keep private keys on a local file system of Linux, and look who deletes there.")
                            .toString(),
                    e);
        }
        if (!OWNERS.containsAll(permissions)) {
            throw InvalidInputException.of(
                    path.toString(),
                    "mode " + PosixFilePermissions.toString(permissions),
                    "its owner alone may read it",
                    "If nobody else did: " + command
                            + ". If somebody may have, rotate the certificate authorities too.");
        }
    }
}
