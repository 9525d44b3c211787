package io.flinkmanaged.internal;

import io.flinkmanaged.model.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Directory trees of our own. */
public final class Directories {

    private Directories() {}

    /**
     * Makes a directory with its parents.
     *
     * @param directory the directory; it may exist
     * @return the directory
     * @throws UncheckedIOException if it cannot be made; a caller whose own failures are {@link IOException}s uses {@link
     *     Files#createDirectories}, so that one handler sees all
     */
    public static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new Finding(
                                    "directory " + directory,
                                    "cannot be made: " + e,
                                    "one that this process may make, on a disk with room",
                                    "Make room on the disk, or let this process's user write there.")
                            .toString(),
                    e);
        }
    }

    /**
     * Visits the regular files of a tree, links not followed. What somebody else deletes meanwhile is passed over.
     *
     * @param root the tree; nothing happens if it is absent, or a file
     * @param visitor told each file, with its attributes as the listing shows them
     * @throws IOException if a directory cannot be listed
     */
    public static void visitFiles(Path root, BiConsumer<Path, BasicFileAttributes> visitor) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    visitor.accept(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return continueIfGone(e);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                return e == null ? FileVisitResult.CONTINUE : continueIfGone(e);
            }
        });
    }

    /**
     * Deletes a tree, links not followed. A file that somebody else deletes meanwhile is as good as deleted.
     *
     * @param root the tree; nothing happens if it is absent
     * @throws IOException if something is left
     */
    public static void deleteTree(Path root) throws IOException {
        deleteAllBut(root, Set.of());
    }

    /**
     * Deletes a tree but for some trees within it, and the directories that those are in.
     *
     * @param root the tree; nothing happens if it is absent
     * @param kept below it; they may be absent
     * @throws IOException if something else is left
     */
    public static void deleteAllBut(Path root, Set<Path> kept) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return kept.contains(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return continueIfGone(e);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                if (kept.stream().noneMatch(each -> each.startsWith(directory))) {
                    Files.deleteIfExists(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static FileVisitResult continueIfGone(IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }
}
