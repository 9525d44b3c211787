package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import io.flinkmanaged.testkit.S3Request;
import io.flinkmanaged.testkit.StateStorageContract;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3StateStorageTest {

    @AutoClose
    private static final EmbeddedS3 SERVER = EmbeddedS3.start("state");

    @TempDir
    private static Path directory;

    @BeforeEach
    @AfterEach
    void empty() {
        SERVER.heal();
        SERVER.keys("").forEach(SERVER::delete);
        SERVER.forgetRequests();
    }

    private static StateStorage open(String prefix) {
        return StorageProviders.onClassPath()
                .open(TestBuckets.on(SERVER, directory).prefix(prefix).build());
    }

    @Nested
    class BelowAPrefix extends StateStorageContract {

        @Override
        protected StateStorage open() {
            return S3StateStorageTest.open("production/eu");
        }
    }

    @Test
    void servesAWholeBucket() {
        try (StateStorage storage = open("")) {
            storage.write("flights/record", "text");
            assertThat(SERVER.keys("")).containsExactly("flights/record");
            assertThat(storage.children("")).containsExactly("flights");
            assertThat(storage.files("")).hasSize(1);
            assertThat(storage.uriOf("flights")).isEqualTo("s3://state/flights");
        }
    }

    /** The SDK sends again what was not answered, and finds the object that it created itself. */
    @Test
    void knowsThatItCreatedARecordAlthoughTheAnswerWasLost() {
        try (StateStorage storage = open("a")) {
            SERVER.inject(S3Fault.loseAnswer().on(S3Operation.PUT).first(1));
            assertThat(storage.createIfAbsent("epoch-1", "mine")).isTrue();
            assertThat(SERVER.count(S3Request::conditional)).isEqualTo(2);
            assertThat(storage.createIfAbsent("epoch-1", "mine")).isFalse();
        }
    }

    @Test
    void triesAgainWhereAnotherOneCreatesAtTheSameMoment() {
        try (StateStorage storage = open("a")) {
            SERVER.inject(S3Fault.reject(409, "ConditionalRequestConflict").first(2));
            assertThat(storage.createIfAbsent("epoch-1", "mine")).isTrue();
            SERVER.inject(S3Fault.reject(409, "ConditionalRequestConflict"));
            assertThatThrownBy(() -> storage.createIfAbsent("epoch-2", "mine")).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void neverTakesAnAnswerThatDidNotComeForAbsence() {
        try (StateStorage storage = StorageProviders.onClassPath()
                .open(TestBuckets.on(SERVER, directory).retries(0).build())) {
            storage.write("record", "text");
            for (S3Fault fault : List.of(
                    S3Fault.reject(503, "SlowDown"),
                    S3Fault.reject(403, "AccessDenied"),
                    S3Fault.reject(404, "NoSuchBucket"),
                    S3Fault.reset(),
                    S3Fault.truncate())) {
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
            SERVER.inject(S3Fault.reject(503, "SlowDown").first(1));
            storage.write("record", "text");
            SERVER.inject(S3Fault.reset().first(1));
            SERVER.inject(S3Fault.truncate().on(S3Operation.GET).first(1));
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
            assertThat(SERVER.count(request -> request.is(S3Operation.LIST))).isEqualTo(2);
            assertThat(SERVER.count(request -> request.is(S3Operation.DELETE_MANY)))
                    .isEqualTo(2);
            assertThat(SERVER.keys("a/many")).isEmpty();
        }
    }
}
