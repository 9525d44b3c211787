package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.ClassDirectory;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.security.KeyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of nodes on this machine. A node's processes share some of them, so what is put in place again under one that
 * reads is the former one or this one, whole, and stays untouched if it is the same.
 */
final class LocalFiles {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> ASIDE = PosixFilePermissions.fromString("rw-------");
    /** As much as an operator scrolls through. */
    private static final long LARGE_OUTPUT = 10L << 20;
    /** More than twenty lines of a stack trace. */
    private static final int END = 64 << 10;

    private LocalFiles() {}

    static void put(Path directory, List<String> directories, List<RenderedFile> files) throws IOException {
        makePrivate(directory);
        for (String each : directories) {
            makePrivate(directory.resolve(each));
        }
        for (RenderedFile file : files) {
            replace(
                    directory.resolve(file.path()),
                    file.text().getBytes(UTF_8),
                    PosixFilePermissions.fromString(file.mode()));
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }

    /** It is made anew at each start, so it need not outlast a power failure; it may hold a secret at every moment. */
    private static void replace(Path file, byte[] content, Set<PosixFilePermission> mode) throws IOException {
        if (isSame(file, content, mode)) {
            return;
        }
        Path aside = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(aside);
        try {
            Files.createFile(aside, PosixFilePermissions.asFileAttribute(ASIDE));
            Files.write(aside, content);
            Files.setPosixFilePermissions(aside, mode);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static boolean isSame(Path file, byte[] content, Set<PosixFilePermission> mode) throws IOException {
        try {
            return Files.size(file) == content.length
                    && Files.getPosixFilePermissions(file).equals(mode)
                    && Arrays.equals(Files.readAllBytes(file), content);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    static void putKeys(Path directory, List<KeyFile> files) throws IOException {
        for (KeyFile file : files) {
            DurableFiles.replace(
                    directory.resolve(file.path()), file.content(), PosixFilePermissions.fromString(file.mode()));
        }
    }

    /** What an epoch's nodes run does not change while it lives: jars that are there are not touched. */
    static void putJars(Path directory, List<Path> jars) throws IOException {
        if (holds(directory, jars)) {
            return;
        }
        Directories.deleteTree(directory);
        makePrivate(directory);
        for (Path source : jars) {
            Path jar = directory.resolve(nameOf(source, jars));
            if (Files.isDirectory(source)) {
                ClassDirectory.pack(source, jar);
            } else {
                HardLinks.linkOrCopy(source, jar);
            }
        }
    }

    private static boolean holds(Path directory, List<Path> jars) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        for (Path source : jars) {
            Path jar = directory.resolve(nameOf(source, jars));
            boolean there =
                    Files.isRegularFile(jar) && (Files.isDirectory(source) || Files.size(jar) == Files.size(source));
            if (!there) {
                return false;
            }
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.count() == jars.size();
        }
    }

    /** A directory of classes has the name of none. */
    private static String nameOf(Path source, List<Path> jars) {
        return Files.isDirectory(source)
                ? "classes-" + jars.indexOf(source) + ".jar"
                : source.getFileName().toString();
    }

    /** Nothing but a start turns it over: the former one is kept beside it. */
    static void turnOver(Path output) throws IOException {
        if (Files.exists(output) && Files.size(output) > LARGE_OUTPUT) {
            Files.move(
                    output,
                    output.resolveSibling(output.getFileName() + ".1"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** However large the file is: nothing but its end is read. */
    static List<String> tail(Path file, int lines) {
        try (FileChannel channel = FileChannel.open(file)) {
            long from = Math.max(0, channel.size() - END);
            ByteBuffer end = ByteBuffer.allocate(END);
            while (end.hasRemaining() && channel.read(end, from + end.position()) >= 0) {
                // Until the end of the file.
            }
            List<String> all = new String(end.array(), 0, end.position(), ISO_8859_1)
                    .lines()
                    .toList();
            // The first one is a part of a line.
            int first = Math.max(from > 0 ? 1 : 0, all.size() - lines);
            return first < all.size() ? List.copyOf(all.subList(first, all.size())) : List.of();
        } catch (IOException e) {
            // It was not written yet: there is nothing to tell of it.
            return List.of();
        }
    }

    /** Deletes what lies in a directory and was last changed before a time. */
    static void deleteOlder(Path directory, Instant before) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> all = Files.list(directory)) {
            for (Path one : all.toList()) {
                if (Files.getLastModifiedTime(one, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(before)) {
                    Directories.deleteTree(one);
                }
            }
        }
    }
}
