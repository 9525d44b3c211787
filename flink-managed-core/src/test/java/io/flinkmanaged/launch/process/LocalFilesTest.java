package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.render.RenderedFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {

    @TempDir
    private Path directory;

    @Test
    void whatIsTheSameIsNotTouchedAndWhatIsNotIsReplacedAtOnce() throws IOException {
        Path node = directory.resolve("node-1");
        put(node, "first");
        Path file = node.resolve("conf/config.yaml");
        Object first = Files.readAttributes(file, "unix:ino").get("ino");
        put(node, "first");
        assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(first);

        put(node, "second");
        assertThat(file).hasContent("second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(RenderedFile.PRIVATE);
        assertThat(Files.readAttributes(file, "unix:ino").get("ino"))
                .as("who reads the former one reads on")
                .isNotEqualTo(first);
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.new");
    }

    private static void put(Path node, String text) throws IOException {
        LocalFiles.put(
                node, List.of("conf"), List.of(new RenderedFile("conf/config.yaml", RenderedFile.PRIVATE, text)));
    }

    @Test
    void jarsThatAreThereAreNotTouchedAndHalfOfOneIsNot() throws IOException {
        Path jar = Files.writeString(directory.resolve("s3.jar"), "a whole jar");
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Files.writeString(classes.resolve("A.class"), "a class");
        List<Path> jars = List.of(jar, classes);
        Path empty = directory.resolve("plugins/none");
        LocalFiles.putJars(empty, List.of());
        assertThat(empty).isEmptyDirectory();
        Path plugin = directory.resolve("plugins/s3");
        LocalFiles.putJars(plugin, jars);
        assertThat(plugin).isDirectoryContaining("glob:**/s3.jar").isDirectoryContaining("glob:**/classes-1.jar");
        Path packed = plugin.resolve("classes-1.jar");
        Files.setLastModifiedTime(packed, FileTime.from(Instant.EPOCH));
        LocalFiles.putJars(plugin, jars);
        assertThat(Files.getLastModifiedTime(packed).toInstant()).isEqualTo(Instant.EPOCH);

        Files.delete(plugin.resolve("s3.jar"));
        Files.writeString(plugin.resolve("s3.jar"), "a wh");
        Files.writeString(plugin.resolve("another.jar"), "of nobody");
        LocalFiles.putJars(plugin, jars);
        assertThat(plugin.resolve("s3.jar")).hasContent("a whole jar");
        assertThat(plugin.resolve("another.jar")).doesNotExist();
    }

    @Test
    void ofALargeFileTheEndIsRead() throws IOException {
        Path file = directory.resolve("taskmanager.out");
        assertThat(LocalFiles.tail(file, 2)).isEmpty();
        Files.writeString(file, "one\ntwo\nthree");
        assertThat(LocalFiles.tail(file, 2)).containsExactly("two", "three");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.seek(4L << 30);
            sparse.writeBytes("\nlast but one\nlast\n");
        }
        assertThat(LocalFiles.tail(file, 20)).containsExactly("last but one", "last");
    }

    @Test
    void aLargeOutputIsTurnedOverAndOneFormerIsKept() throws IOException {
        Path output = directory.resolve("taskmanager.out");
        LocalFiles.turnOver(output);
        Files.writeString(output, "small");
        LocalFiles.turnOver(output);
        assertThat(output).hasContent("small");
        try (RandomAccessFile sparse = new RandomAccessFile(output.toFile(), "rw")) {
            sparse.setLength(11L << 20);
        }
        LocalFiles.turnOver(output);
        assertThat(output).doesNotExist();
        assertThat(output.resolveSibling("taskmanager.out.1")).hasSize(11L << 20);
    }

    @Test
    void whatIsOlderIsDeletedWithEverythingInIt() throws IOException {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Path old = Files.createDirectories(directory.resolve("flink-io-1"));
        Files.writeString(old.resolve("spilled"), "");
        Path young = Files.writeString(directory.resolve("flink-rpc-akka2.jar"), "");
        Files.setLastModifiedTime(old, FileTime.from(start.minusMillis(1)));
        Files.setLastModifiedTime(young, FileTime.from(start));
        LocalFiles.deleteOlder(directory, start);
        assertThat(directory).isDirectoryContaining(young::equals).isDirectoryNotContaining(old::equals);
        LocalFiles.deleteOlder(directory.resolve("absent"), start);
    }
}
