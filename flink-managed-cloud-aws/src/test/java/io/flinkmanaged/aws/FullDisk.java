package io.flinkmanaged.aws;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A small file system of its own, which can be full; for root only. */
final class FullDisk implements AutoCloseable {

    private final Path directory;
    private boolean mounted = true;

    private FullDisk(Path directory) {
        this.directory = directory;
    }

    /**
     * Mounts one.
     *
     * @param directory where; created if absent
     * @param mebibytes its size
     * @return empty if this user may not
     */
    static Optional<FullDisk> mount(Path directory, int mebibytes) throws Exception {
        String where = Files.createDirectories(directory).toString();
        return run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", where) == 0
                ? Optional.of(new FullDisk(directory))
                : Optional.empty();
    }

    /** Writes until nothing can be written any more, also in the room that was made since the last time. */
    void fill() throws IOException {
        byte[] zeros = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler(), CREATE, APPEND)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** Makes room again. */
    void relieve() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    /** Unmounts it, whoever still works there; twice does nothing. */
    @Override
    public void close() throws Exception {
        if (mounted) {
            assertThat(run("umount", "--lazy", directory.toString())).isZero();
            mounted = false;
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
