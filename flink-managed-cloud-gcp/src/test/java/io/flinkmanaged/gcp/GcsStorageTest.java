package io.flinkmanaged.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.StorageLocation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GcsStorageTest {

    private static final String KMS_KEY = "projects/acme/locations/eu/keyRings/state/cryptoKeys/flink";

    @Test
    void yieldsPlainData() {
        StorageLocation location = GcsStorage.bucket("acme-state")
                .prefix("a/b")
                .keyFile(Path.of("/keys/flink.json"))
                .build();
        assertThat(location.uri()).isEqualTo(URI.create("gs://acme-state/a/b"));
        assertThat(location.options()).isEqualTo(Map.of("key-file", "/keys/flink.json"));
        assertThat(GcsStorage.bucket("acme-state").build().uri()).isEqualTo(URI.create("gs://acme-state"));
    }

    @Test
    void rendersEveryOptionThatFlinkHas() {
        StorageLocation location = GcsStorage.bucket("acme-state")
                .project("acme-data")
                .endpoint(URI.create("https://storage.acme.example:9000"))
                .keyFile(Path.of("/keys/flink.json"))
                .encryptedByKms(KMS_KEY)
                .retries(7)
                .connectTimeout(Duration.ofSeconds(2))
                .readTimeout(Duration.ofSeconds(9))
                .uploadChunk(MemorySize.ofMebiBytes(1))
                .directoryChecks()
                .build();
        assertThat(rendered(location))
                .isEqualTo(Map.ofEntries(
                        Map.entry("gs.project.id", "acme-data"),
                        Map.entry("gs.storage.root.url", "https://storage.acme.example:9000"),
                        Map.entry("gs.auth.service.account.json.keyfile", "/keys/flink.json"),
                        Map.entry("gs.create.items.conflict.check.enable", "true"),
                        Map.entry("gs.implicit.dir.repair.enable", "true"),
                        Map.entry("gs.http.max.retry", "7"),
                        Map.entry("gs.retry.max-attempt", "8"),
                        Map.entry("gs.http.connect-timeout", "2000"),
                        Map.entry("gs.http.read-timeout", "9000"),
                        Map.entry("gs.outputstream.upload.chunk.size", "1048576"),
                        Map.entry("gs.writer.chunk.size", "1048576 b")));
        assertThat(GcsFlinkKeys.settings(GcsSettings.of(location))).allSatisfy(setting -> {
            assertThat(setting.layer()).isEqualTo(Layer.STORAGE);
            assertThat(setting.reason()).startsWith("GcsStorage.");
        });
    }

    @Test
    void hasTheDefaultsThatItsDocumentationNames() {
        assertThat(rendered(GcsStorage.bucket("acme-state").build()))
                .isEqualTo(Map.of(
                        "gs.create.items.conflict.check.enable", "false",
                        "gs.implicit.dir.repair.enable", "false",
                        "gs.http.max.retry", "3",
                        "gs.retry.max-attempt", "4",
                        "gs.http.connect-timeout", "10000",
                        "gs.http.read-timeout", "30000",
                        "gs.outputstream.upload.chunk.size", "8388608",
                        "gs.writer.chunk.size", "8388608 b"));
        assertThat(rendered(GcsStorage.bucket("acme-state").withoutCredentials().build()))
                .containsEntry("gs.auth.null.enable", "true")
                .containsEntry("gs.auth.service.account.enable", "false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a-b.c", "123bucket", "state.v1x.eu", "0ab", "good-state", "gogh"})
    void takesNamesThatGoogleTakes(String bucket) {
        assertThat(GcsStorage.bucket(bucket).build().uri().getHost()).isEqualTo(bucket);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ab",
                "Upper",
                "under_score",
                "-begin",
                "end-",
                ".begin",
                "a..b",
                "a.-b",
                "192.168.1.1",
                "goog-state",
                "my-google-state",
                "my-g00gle-state",
                "logs.2024",
                "a234567890123456789012345678901234567890123456789012345678901234",
                "a/b",
                "a b"
            })
    void refusesBucketsThatGoogleOrFlinkWouldRefuse(String bucket) {
        assertThatThrownBy(() -> GcsStorage.bucket(bucket))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("bucket: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "a/", "a//b", "../a", "a b", "a?b", "a%20b"})
    void refusesPrefixesThatWouldNotBeReadBack(String prefix) {
        assertThatThrownBy(() -> GcsStorage.bucket("acme-state").prefix(prefix))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("prefix");
    }

    @ParameterizedTest
    @CsvSource({
        "project, My Project",
        "endpoint, storage.acme.example",
        "endpoint, https://storage.acme.example/bucket",
        "endpoint, https://me:secret@storage.acme.example",
        "key-file, keys/flink.json",
        "workload-identity, yes",
        "without-credentials, 1",
        "kms-key, flink",
        "kms-key, projects/a/locations/eu/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
        "retries, 21",
        "retries, many",
        "connect-timeout, 5 s",
        "read-timeout, PT1H",
        "upload-chunk, 100 kb",
        "upload-chunk, 300 kb",
        "upload-chunk, 1 gb",
        "upload-chunk, much",
        "directory-checks, on",
        "keyfile, /keys/flink.json"
    })
    void refusesWhatIsMalformed(String option, String value) {
        TreeMap<String, String> options = new TreeMap<>(Map.of(option, value));
        assertThatThrownBy(() -> GcsSettings.of(new StorageLocation(URI.create("gs://acme-state"), options)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnceAndNoSecret() {
        TreeMap<String, String> options = new TreeMap<>(Map.of(
                "key-file", "{\"type\": \"service_account\", \"private_key\": \"canary\"}",
                "private-key", "canary-of-a-key",
                "workload-identity", "true",
                "project", "X"));
        assertThatThrownBy(() -> GcsSettings.of(new StorageLocation(URI.create("gs://acme_state/a//b?c"), options)))
                .isInstanceOfSatisfying(InvalidInputException.class, refused -> assertThat(refused.findings())
                        .extracting(Finding::subject)
                        .containsExactlyInAnyOrder(
                                "storage URI",
                                "bucket",
                                "prefix",
                                "project",
                                "credentials",
                                "key-file",
                                "option private-key"))
                .hasMessageNotContaining("canary");
    }

    @Test
    void refusesBothKindsOfCredentials() {
        assertThatThrownBy(() -> GcsStorage.bucket("acme-state")
                        .keyFile(Path.of("/keys/flink.json"))
                        .workloadIdentity()
                        .build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("one kind of credentials");
    }

    private static Map<String, String> rendered(StorageLocation location) {
        return GcsFlinkKeys.settings(GcsSettings.of(location)).stream()
                .collect(Collectors.toMap(Setting::key, Setting::value));
    }
}
