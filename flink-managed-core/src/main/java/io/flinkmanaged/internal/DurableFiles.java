package io.flinkmanaged.internal;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files that are whole or absent, and still there after the power failed. */
public final class DurableFiles {

    /** As a temporary file is made. */
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private DurableFiles() {}

    /**
     * Puts content in the place of whatever was there; a reader sees the old or the new, never a part.
     *
     * @param file the file; its directory exists
     * @param content all of it
     * @throws IOException if it could not be written; then the old content is there
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, content, OWNERS);
    }

    /**
     * Does the same with permissions that hold before anybody can open the file by its name.
     *
     * @param file the file; its directory exists
     * @param content all of it
     * @param permissions who may do what
     * @throws IOException if it could not be written; then the old content is there
     */
    public static void replace(Path file, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        Path aside = aside(file);
        try {
            writeForced(aside, content, WRITE, TRUNCATE_EXISTING);
            restrict(aside, permissions);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
        force(parentOf(file));
    }

    /**
     * Creates a file, whole, if there is none: of several that try at once, one wins.
     *
     * <p>The content is written aside and linked to its name, which the operating system refuses if the name is taken:
     * as atomic as {@code O_EXCL}, and no reader ever sees a part.
     *
     * @param file the file; its directory exists
     * @param content all of it
     * @return whether this call created it
     * @throws IOException if it could not be written
     */
    public static boolean createIfAbsent(Path file, byte[] content) throws IOException {
        return createIfAbsent(file, content, OWNERS);
    }

    /**
     * Does the same with permissions that hold before anybody can open the file by its name.
     *
     * @param file the file; its directory exists
     * @param content all of it
     * @param permissions who may do what
     * @return whether this call created it
     * @throws IOException if it could not be written
     */
    public static boolean createIfAbsent(Path file, byte[] content, Set<PosixFilePermission> permissions)
            throws IOException {
        Path aside = aside(file);
        try {
            writeForced(aside, content, WRITE, TRUNCATE_EXISTING);
            restrict(aside, permissions);
            Files.createLink(file, aside);
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(aside);
        }
        force(parentOf(file));
        return true;
    }

    /**
     * Makes durable what a directory says, or a file holds.
     *
     * @param path of the directory or file
     * @throws IOException if the operating system could not
     */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, READ)) {
            channel.force(true);
        }
    }

    /**
     * Makes a tree durable: the content of its files, whoever wrote them, and what its directories say. What has been
     * written out already costs next to nothing.
     *
     * @param root the tree; nothing happens if it is absent
     * @throws IOException if the operating system could not, for want of room, say
     */
    public static void forceTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    force(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                force(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** A hidden file of its own for each writer, so that two of them do not write into each other's. */
    private static Path aside(Path file) throws IOException {
        return Files.createTempFile(parentOf(file), "." + file.getFileName(), ".new");
    }

    private static void restrict(Path file, Set<PosixFilePermission> permissions) throws IOException {
        if (!permissions.equals(OWNERS)) {
            Path unused = Files.setPosixFilePermissions(file, permissions);
        }
    }

    private static void writeForced(Path file, byte[] content, OpenOption... options) throws IOException {
        try (FileChannel channel = FileChannel.open(file, options)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static Path parentOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("Not a file: " + file);
        }
        return parent;
    }
}
