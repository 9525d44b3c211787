package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StateStorage} promises. The test of an implementation extends this class. */
public abstract class StateStorageContract {

    private static final int RACERS = 8;
    private static final int LONG = 50_000;

    @TempDir
    private java.nio.file.Path temporary;

    private StateStorage storage;

    /** For the implementation's test. */
    protected StateStorageContract() {}

    /**
     * Opens the location of the running test. There is nothing in it at the first call; the suite closes one storage
     * before it opens the next.
     */
    protected abstract StateStorage open();

    @BeforeEach
    void openStorage() {
        storage = open();
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Test
    void holdsNothingAtFirst() {
        assertThat(storage.read("flights/cluster.yaml")).isEmpty();
        assertThat(storage.artifact("flights/artifacts/1.jar")).isEmpty();
        assertThat(storage.children("flights")).isEmpty();
    }

    @Test
    void readsBackWhatWasWritten() {
        for (String text : List.of("", "one", "two\nlines\n", "\r\n\ttabs", "Grüße 東京 🚀", "x".repeat(LONG))) {
            storage.write("flights/jobs/a/record.yaml", text);
            assertThat(storage.read("flights/jobs/a/record.yaml")).contains(text);
        }
    }

    @Test
    void keepsEverythingWhenItIsOpenedAgain() {
        storage.write("flights/written", "written");
        assertThat(storage.createIfAbsent("flights/created", "created")).isTrue();
        storage.putArtifact("flights/artifact", bytes("artifact"));
        storage.close();
        storage = open();
        assertThat(storage.children("flights")).containsExactly("artifact", "created", "written");
        assertThat(storage.read("flights/written")).contains("written");
        assertThat(storage.read("flights/created")).contains("created");
        assertThat(storage.artifact("flights/artifact")).contains(bytes("artifact"));
        assertThat(storage.createIfAbsent("flights/created", "again")).isFalse();
    }

    @Test
    void createsARecordOnceAndLeavesItAsItIs() {
        assertThat(storage.createIfAbsent("flights/epochs/epoch-1", "first")).isTrue();
        assertThat(storage.createIfAbsent("flights/epochs/epoch-1", "second")).isFalse();
        assertThat(storage.read("flights/epochs/epoch-1")).contains("first");
    }

    @Test
    void createsNothingWhereSomethingWasWritten() {
        storage.write("flights/record", "written");
        assertThat(storage.createIfAbsent("flights/record", "created")).isFalse();
        assertThat(storage.read("flights/record")).contains("written");
    }

    @Test
    void letsOneOfManyRacersCreateARecordWhole() throws Exception {
        for (int round = 0; round < 5; round++) {
            String path = "flights/epochs/epoch-" + round;
            Race.during(
                    () -> {
                        List<Boolean> won = Race.of(RACERS, number -> storage.createIfAbsent(path, textOf(number)));
                        assertThat(won).containsOnlyOnce(true);
                        assertThat(storage.read(path)).contains(textOf(won.indexOf(true)));
                        return true;
                    },
                    () -> assertWholeOrAbsent(storage.read(path)));
        }
    }

    @Test
    void replacesARecordWhole() throws Exception {
        storage.write("flights/record", textOf(0));
        Race.during(
                () -> {
                    for (int i = 0; i < 30; i++) {
                        storage.write("flights/record", textOf(i % 10));
                    }
                    return true;
                },
                () -> {
                    Optional<String> seen = storage.read("flights/record");
                    assertThat(seen).isPresent();
                    assertWholeOrAbsent(seen);
                });
        assertThat(storage.read("flights/record")).contains(textOf(9));
    }

    @Test
    void keepsOneOfTheRecordsThatManyWriteAtOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<Integer> unused = Race.of(RACERS, number -> {
                storage.write("flights/record", textOf(number));
                return number;
            });
            Optional<String> kept = storage.read("flights/record");
            assertThat(kept).isPresent();
            assertWholeOrAbsent(kept);
        }
    }

    @Test
    void putsAnArtifactOnce() throws Exception {
        java.nio.file.Path file = Files.writeString(temporary.resolve("file"), "content");
        storage.putArtifact("flights/artifacts/file", file);
        storage.putArtifact("flights/artifacts/file", file);
        storage.putArtifact("flights/artifacts/bytes", bytes("content"));
        storage.putArtifact("flights/artifacts/bytes", bytes("content"));
        assertThat(storage.artifact("flights/artifacts/file")).contains(bytes("content"));
        assertThat(storage.artifact("flights/artifacts/bytes")).contains(bytes("content"));
        assertThat(storage.children("flights/artifacts")).containsExactly("bytes", "file");
    }

    @Test
    void leavesAnArtifactThatIsThereAsItIs() throws Exception {
        storage.putArtifact("flights/artifacts/1", bytes("first"));
        storage.putArtifact("flights/artifacts/1", bytes("second"));
        storage.putArtifact("flights/artifacts/1", Files.writeString(temporary.resolve("file"), "third"));
        assertThat(storage.artifact("flights/artifacts/1")).contains(bytes("first"));
    }

    @Test
    void takesArtifactsOfAnyBytes() {
        byte[] content = new byte[300_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        storage.putArtifact("flights/artifacts/some", content);
        storage.putArtifact("flights/artifacts/none", new byte[0]);
        assertThat(storage.artifact("flights/artifacts/some")).contains(content);
        assertThat(storage.artifact("flights/artifacts/none")).contains(new byte[0]);
    }

    @Test
    void letsManyPutOneArtifactAtOnce() throws Exception {
        byte[] content = bytes("x".repeat(LONG));
        List<Integer> unused = Race.of(RACERS, number -> {
            storage.putArtifact("flights/artifacts/1", content);
            assertThat(storage.artifact("flights/artifacts/1")).contains(content);
            return number;
        });
        assertThat(storage.children("flights/artifacts")).containsExactly("1");
    }

    @Test
    void listsRecordsAndDirectoriesInOrder() {
        storage.write("flights/b", "any");
        storage.write("flights/a/deep/record", "any");
        storage.write("flights/a/other", "any");
        storage.write("flights/c%20d", "any");
        storage.write("flights-old/record", "any");
        assertThat(storage.children("flights")).containsExactly("a", "b", "c%20d");
        assertThat(storage.children("flights/a")).containsExactly("deep", "other");
    }

    @Test
    void listsNothingBelowWhatIsNoDirectory() {
        storage.write("flights/record", "any");
        assertThat(storage.children("flights/absent/deep")).isEmpty();
        assertThat(storage.children("flights/record")).isEmpty();
    }

    @Test
    void listsEveryFileBelowADirectoryWithItsLength() throws Exception {
        storage.write("flights/jobs/a/record", "12345");
        storage.write("flights/jobs/a.b/record", "");
        storage.write("flights/jobs/a%20b/deep/er/record", "ü");
        storage.write("flights/jobs-old/record", "any");
        writeWithFlink(storage.uriOf("flights/jobs/a/chk-1") + "/_metadata");
        assertThat(lengthsBelow("flights/jobs"))
                .isEqualTo(Map.of(
                        "flights/jobs/a/record", 5L,
                        "flights/jobs/a.b/record", 0L,
                        "flights/jobs/a%20b/deep/er/record", 2L,
                        "flights/jobs/a/chk-1/_metadata", 16L));
        assertThat(lengthsBelow("")).hasSize(5).containsEntry("flights/jobs-old/record", 3L);
        assertThat(storage.files("flights"))
                .isSortedAccordingTo(Comparator.comparing(StoredFile::path))
                .allSatisfy(file -> assertThat(file.modifiedAt()).isAfter(Instant.parse("2020-01-01T00:00:00Z")));
    }

    @Test
    void listsNoFilesBelowWhatIsNoDirectory() {
        storage.write("flights/record", "any");
        assertThat(storage.files("flights/absent/deep")).isEmpty();
        assertThat(storage.files("flights/record")).isEmpty();
        assertThat(storage.files("fli")).isEmpty();
    }

    /** More than one page of a listing, and more than one request of a bulk deletion. */
    @Test
    void listsAndDeletesMoreThanAThousandFiles() {
        List<String> paths = IntStream.range(0, 1100)
                .mapToObj(i -> String.format("flights/many/f%04d", i))
                .toList();
        for (String path : paths) {
            storage.putArtifact(path, new byte[] {1});
        }
        assertThat(storage.files("flights")).extracting(StoredFile::path).isEqualTo(paths);
        storage.delete(paths.subList(0, 1090));
        assertThat(storage.files("flights")).extracting(StoredFile::path).isEqualTo(paths.subList(1090, 1100));
    }

    @Test
    void deletesWhatItIsToldAndNothingElse() throws Exception {
        storage.write("flights/jobs/a/chk-1/one", "any");
        storage.write("flights/jobs/a/chk-1/two", "any");
        storage.write("flights/jobs/a/chk-10/one", "any");
        storage.write("flights/jobs/a%20b/one", "any");
        writeWithFlink(storage.uriOf("flights/jobs/a/chk-2") + "/_metadata");
        storage.delete(List.of(
                "flights/jobs/a/chk-1/one",
                "flights/jobs/a/chk-2/_metadata",
                "flights/jobs/a%20b/one",
                "flights/jobs/absent",
                "flights/absent/deep/file"));
        assertThat(lengthsBelow("flights")).containsOnlyKeys("flights/jobs/a/chk-1/two", "flights/jobs/a/chk-10/one");
        assertThat(storage.children("flights/jobs")).containsExactly("a");
        storage.delete(List.of());
    }

    @Test
    void createsAgainWhatWasDeleted() {
        assertThat(storage.createIfAbsent("flights/record", "first")).isTrue();
        storage.delete(List.of("flights/record"));
        assertThat(storage.read("flights/record")).isEmpty();
        assertThat(storage.createIfAbsent("flights/record", "second")).isTrue();
        assertThat(storage.read("flights/record")).contains("second");
    }

    @Test
    void listsNothingThatIsNotFinished() throws Exception {
        List<String> records = IntStream.range(0, 10).mapToObj(i -> "r" + i).toList();
        Race.during(
                () -> {
                    for (String record : records) {
                        assertThat(storage.createIfAbsent("flights/" + record, textOf(1)))
                                .isTrue();
                        storage.write("flights/" + record, textOf(2));
                        storage.putArtifact("flights/" + record, bytes(textOf(3)));
                    }
                    return true;
                },
                () -> {
                    List<String> seen = storage.children("flights");
                    assertThat(records).containsAll(seen);
                    seen.forEach(record ->
                            assertThat(storage.read("flights/" + record)).isPresent());
                });
        assertThat(storage.children("flights")).isEqualTo(records);
    }

    @Test
    void provesThatItCanBeUsedAndLeavesNothingBehind() {
        assertThat(storage.verify()).noneMatch(Finding::isError);
        storage.write("flights/record", "any");
        assertThat(storage.verify()).noneMatch(Finding::isError);
        assertThat(storage.children("")).containsExactly("flights");
    }

    @Test
    void isReadByFlinkWhereItSays() throws Exception {
        for (String path : List.of("flights/record", "flights/jobs/my%20job%2E/chk-1/_metadata")) {
            storage.write(path, "written by us");
            Path flinks = new Path(storage.uriOf(path));
            try (FSDataInputStream in = flinks.getFileSystem().open(flinks)) {
                assertThat(in.readAllBytes()).as(path).isEqualTo(bytes("written by us"));
            }
        }
    }

    @Test
    void findsWhatFlinkWroteWhereItSays() throws Exception {
        writeWithFlink(storage.uriOf("flights/jobs/my%20job%2E/chk-1") + "/_metadata");
        assertThat(storage.children("flights/jobs")).containsExactly("my%20job%2E");
        assertThat(storage.children("flights/jobs/my%20job%2E/chk-1")).containsExactly("_metadata");
        assertThat(storage.read("flights/jobs/my%20job%2E/chk-1/_metadata")).contains("written by Flink");
    }

    @Test
    void closesAnyNumberOfTimes() {
        storage.close();
        storage.close();
    }

    private Map<String, Long> lengthsBelow(String directory) {
        return storage.files(directory).stream().collect(Collectors.toMap(StoredFile::path, StoredFile::bytes));
    }

    private static void writeWithFlink(String uri) throws IOException {
        Path path = new Path(uri);
        try (FSDataOutputStream out = path.getFileSystem().create(path, WriteMode.NO_OVERWRITE)) {
            out.write(bytes("written by Flink"));
        }
    }

    private static String textOf(int number) {
        return Integer.toString(number).repeat(LONG);
    }

    private static void assertWholeOrAbsent(Optional<String> text) {
        text.ifPresent(seen -> {
            assertThat(seen).hasSize(LONG);
            assertThat(seen.chars().distinct().count()).isEqualTo(1);
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
