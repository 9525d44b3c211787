package io.flinkmanaged.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

    private static final int LONG = 100_000;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameAFile() {
        file = directory.resolve("record.yaml");
    }

    @Test
    void replacesWhateverWasThere() throws Exception {
        DurableFiles.replace(file, bytes("first, and longer"));
        DurableFiles.replace(file, bytes("second"));
        assertThat(file).hasContent("second");
        assertThat(names()).containsExactly("record.yaml");
    }

    @Test
    void createsOnlyWhatIsAbsent() throws Exception {
        assertThat(DurableFiles.createIfAbsent(file, bytes("first"))).isTrue();
        assertThat(DurableFiles.createIfAbsent(file, bytes("second"))).isFalse();
        assertThat(file).hasContent("first");
        assertThat(names()).containsExactly("record.yaml");
    }

    @Test
    void manyReplaceAFileAtOnceAndOneOfThemWinsWhole() throws Exception {
        for (int round = 0; round < 5; round++) {
            inParallel(number -> {
                DurableFiles.replace(file, textOf(number));
                return true;
            });
            assertThat(new String(Files.readAllBytes(file), UTF_8)
                            .chars()
                            .distinct()
                            .count())
                    .isEqualTo(1);
            assertThat(file).hasSize(LONG);
            assertThat(names()).containsExactly("record.yaml");
        }
    }

    @Test
    void ofManyWhoCreateAFileAtOnceOneIsTold() throws Exception {
        List<Boolean> created = inParallel(number -> DurableFiles.createIfAbsent(file, textOf(number)));
        assertThat(created).containsOnlyOnce(true);
        assertThat(file).hasBinaryContent(textOf(created.indexOf(true)));
        assertThat(names()).containsExactly("record.yaml");
    }

    @Test
    void leavesTheOldContentAndNoTraceWhenItCannotReplace() throws Exception {
        Path taken = directory.resolve("taken");
        Directories.create(taken.resolve("inside"));
        assertThatThrownBy(() -> DurableFiles.replace(taken, bytes("new"))).isInstanceOf(IOException.class);
        assertThat(names()).containsExactly("taken");
    }

    @Test
    void failsWhereThereIsNoDirectory() {
        Path homeless = directory.resolve("absent/record.yaml");
        assertThatThrownBy(() -> DurableFiles.replace(homeless, bytes("x"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> DurableFiles.createIfAbsent(homeless, bytes("x")))
                .isInstanceOf(IOException.class);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }

    private static List<Boolean> inParallel(Attempt attempt) {
        List<CompletableFuture<Boolean>> attempts = IntStream.range(0, 6)
                .mapToObj(number -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return attempt.by(number);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .toList();
        return attempts.stream().map(CompletableFuture::join).toList();
    }

    private static byte[] textOf(int number) {
        return bytes(Integer.toString(number).repeat(LONG));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @FunctionalInterface
    private interface Attempt {
        boolean by(int number) throws IOException;
    }
}
