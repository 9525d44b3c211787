package io.flinkmanaged.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.EmbeddedGcs;
import io.flinkmanaged.testkit.GcsFault;
import io.flinkmanaged.testkit.GcsOperation;
import io.flinkmanaged.testkit.GcsRequest;
import io.flinkmanaged.testkit.StateStorageContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcsStateStorageTest {

    @AutoClose
    private static final EmbeddedGcs SERVER = EmbeddedGcs.start("state");

    @BeforeEach
    @AfterEach
    void empty() {
        SERVER.heal();
        SERVER.keys("").forEach(SERVER::delete);
        SERVER.forgetRequests();
    }

    private static StateStorage open(String prefix) {
        return StorageProviders.onClassPath()
                .open(TestBuckets.on(SERVER).prefix(prefix).build());
    }

    @Nested
    class BelowAPrefix extends StateStorageContract {

        @Override
        protected StateStorage open() {
            return GcsStateStorageTest.open("production/eu");
        }
    }

    @Test
    void servesAWholeBucket() {
        try (StateStorage storage = open("")) {
            storage.write("flights/record", "text");
            assertThat(SERVER.keys("")).containsExactly("flights/record");
            assertThat(storage.children("")).containsExactly("flights");
            assertThat(storage.files("")).hasSize(1);
            assertThat(storage.uriOf("flights")).isEqualTo("gs://state/flights");
        }
    }

    /** What was not answered is sent again, and finds the object that it created itself. */
    @Test
    void knowsThatItCreatedARecordAlthoughTheAnswerWasLost() {
        try (StateStorage storage = open("a")) {
            SERVER.inject(GcsFault.loseAnswer().on(GcsOperation.UPLOAD).first(1));
            assertThat(storage.createIfAbsent("epoch-1", "mine")).isTrue();
            assertThat(SERVER.count(GcsRequest::conditional)).isEqualTo(2);
            assertThat(storage.createIfAbsent("epoch-1", "mine")).isFalse();
        }
    }

    @Test
    void neverTakesAnAnswerThatDidNotComeForAbsence() {
        try (StateStorage storage = StorageProviders.onClassPath()
                .open(TestBuckets.on(SERVER).retries(0).build())) {
            storage.write("record", "text");
            for (GcsFault fault : List.of(
                    GcsFault.reject(503, "backendError"),
                    GcsFault.reject(403, "forbidden"),
                    GcsFault.reset(),
                    GcsFault.truncate())) {
                SERVER.heal();
                SERVER.inject(fault);
                assertThatThrownBy(() -> storage.read("record")).isInstanceOf(StorageException.class);
                assertThatThrownBy(() -> storage.children("")).isInstanceOf(StorageException.class);
                assertThatThrownBy(() -> storage.files("")).isInstanceOf(StorageException.class);
            }
            SERVER.heal();
            assertThat(storage.read("record")).contains("text");
        }
    }

    @Test
    void outlastsAFewRefusalsByItself() {
        try (StateStorage storage = open("a")) {
            SERVER.inject(GcsFault.reject(503, "backendError").first(1));
            storage.write("record", "text");
            SERVER.inject(GcsFault.reset().first(1));
            SERVER.inject(GcsFault.truncate().on(GcsOperation.DOWNLOAD).first(1));
            assertThat(storage.read("record")).contains("text");
        }
    }

    @Test
    void listsAndDeletesInAsFewRequestsAsThereCanBe() {
        List<String> paths = IntStream.range(0, 1500).mapToObj(i -> "many/" + i).toList();
        paths.forEach(path -> SERVER.write("a/" + path, "x".getBytes(UTF_8)));
        SERVER.write("a/marker/", new byte[0]);
        try (StateStorage storage = open("a")) {
            assertThat(storage.files("")).hasSize(1500);
            storage.delete(paths);
            assertThat(SERVER.count(request -> request.is(GcsOperation.LIST))).isEqualTo(2);
            assertThat(SERVER.count(request -> request.is(GcsOperation.BATCH))).isEqualTo(15);
            assertThat(SERVER.keys("a/many")).isEmpty();
        }
    }

    @Test
    void neverTakesAMissingBucketForAbsence() {
        try (StateStorage storage = StorageProviders.onClassPath()
                .open(GcsStorage.bucket("absent")
                        .endpoint(SERVER.endpoint())
                        .withoutCredentials()
                        .build())) {
            assertThatThrownBy(() -> storage.read("record")).hasMessageContaining("bucket: absent");
            assertThatThrownBy(() -> storage.delete(List.of("record"))).hasMessageContaining("bucket: absent");
        }
    }

    @Test
    void asksAgainForThoseOfABatchThatWereRefusedForTheMoment() {
        List<String> paths = List.of("one", "two", "three");
        paths.forEach(path -> SERVER.write("a/" + path, "x".getBytes(UTF_8)));
        try (StateStorage storage = open("a")) {
            SERVER.inject(
                    GcsFault.reject(503, "backendError").on(GcsOperation.BATCH).first(1));
            storage.delete(List.of("one", "two", "three", "absent"));
            assertThat(SERVER.keys("")).isEmpty();
        }
    }

    @Test
    void readsWhatWasChangedOnItsWayAgain() {
        try (StateStorage storage = open("a")) {
            storage.write("record", "text");
            SERVER.inject(GcsFault.corrupt().on(GcsOperation.DOWNLOAD).first(2));
            assertThat(storage.read("record")).contains("text");
        }
    }

    @Test
    void keepsAnArtifactThatIsThereAlready(@TempDir Path directory) throws Exception {
        try (StateStorage storage = open("a")) {
            Path jar = Files.writeString(directory.resolve("jar"), "content");
            storage.putArtifact("artifacts/jar", jar);
            long before = SERVER.count(request -> request.is(GcsOperation.UPLOAD));
            storage.putArtifact("artifacts/jar", jar);
            assertThat(SERVER.count(request -> request.is(GcsOperation.UPLOAD))).isEqualTo(before);
            assertThat(storage.artifact("artifacts/jar")).contains("content".getBytes(UTF_8));
        }
    }
}
