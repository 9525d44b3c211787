package io.flinkmanaged.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A directory of classes, and the jar that it makes. */
public final class ClassDirectory {

    private ClassDirectory() {}

    /**
     * Returns the files of a directory, in order.
     *
     * @param directory the directory
     * @throws IOException if it cannot be read
     */
    public static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /**
     * Packs a directory; the same files give the same bytes.
     *
     * @param directory the directory
     * @param jar where to write
     * @throws IOException if a file cannot be read, or the jar not be written
     */
    public static void pack(Path directory, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : filesOf(directory)) {
                ZipEntry entry = new ZipEntry(directory.relativize(file).toString());
                // A fixed time, so that the same classes have the same address.
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }
}
