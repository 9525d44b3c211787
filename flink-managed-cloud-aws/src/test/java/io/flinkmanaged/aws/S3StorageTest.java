package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3StorageTest {

    @Test
    void yieldsPlainData() {
        StorageLocation location = S3Storage.bucket("acme-state")
                .region("eu-central-1")
                .prefix("a/b")
                .build();
        assertThat(location.uri()).isEqualTo(URI.create("s3://acme-state/a/b"));
        assertThat(location.options()).isEqualTo(Map.of("region", "eu-central-1"));
        assertThat(S3Storage.bucket("acme-state").region("eu-central-1").build().uri())
                .isEqualTo(URI.create("s3://acme-state"));
    }

    @Test
    void writesDownWhereTheSecretIsAndNeverTheSecret() {
        StorageLocation location = S3Storage.bucket("acme-state")
                .region("eu-central-1")
                .credentials(SecretRef.env("S3_ID"), SecretRef.env("S3_SECRET"))
                .build();
        assertThat(location.options())
                .containsEntry("access-key", "${secret:env:S3_ID}")
                .containsEntry("secret-key", "${secret:env:S3_SECRET}");
    }

    @Test
    void rendersEveryOptionThatFlinkHas() {
        StorageLocation location = S3Storage.bucket("acme-state")
                .region("eu-central-1")
                .endpoint(URI.create("https://s3.acme.example:9000"))
                .pathStyle()
                .plainUploads()
                .credentials(SecretRef.env("S3_ID"), SecretRef.env("S3_SECRET"))
                .assumeRole("arn:aws:iam::123456789012:role/flink")
                .roleExternalId("x-1")
                .roleSessionName("audit")
                .roleSessionDuration(Duration.ofMinutes(30))
                .encryptedByKms("alias/state")
                .retries(7)
                .connections(80)
                .connectTimeout(Duration.ofSeconds(2))
                .socketTimeout(Duration.ofSeconds(9))
                .spoolDirectory(Path.of("/data/spool"))
                .build();
        assertThat(rendered(location))
                .isEqualTo(Map.ofEntries(
                        Map.entry("s3.region", "eu-central-1"),
                        Map.entry("s3.endpoint", "https://s3.acme.example:9000"),
                        Map.entry("s3.path-style-access", "true"),
                        Map.entry("s3.chunked-encoding.enabled", "false"),
                        Map.entry("s3.assume-role.arn", "arn:aws:iam::123456789012:role/flink"),
                        Map.entry("s3.assume-role.external-id", "x-1"),
                        Map.entry("s3.assume-role.session-name", "audit"),
                        Map.entry("s3.assume-role.session-duration", "1800"),
                        Map.entry("s3.sse.type", "sse-kms"),
                        Map.entry("s3.sse.kms.key-id", "alias/state"),
                        Map.entry("s3.retry.max-num-retries", "7"),
                        Map.entry("s3.connection.max", "80"),
                        Map.entry("s3.connection.timeout", "2000 ms"),
                        Map.entry("s3.socket.timeout", "9000 ms")));
        assertThat(S3FlinkKeys.settings(S3Settings.of(location))).allSatisfy(setting -> {
            assertThat(setting.layer()).isEqualTo(Layer.STORAGE);
            assertThat(setting.reason()).startsWith("S3Storage.");
        });
    }

    @Test
    void hasTheDefaultsThatItsDocumentationNames() {
        assertThat(rendered(
                        S3Storage.bucket("acme-state").region("eu-central-1").build()))
                .isEqualTo(Map.of(
                        "s3.region", "eu-central-1",
                        "s3.path-style-access", "false",
                        "s3.chunked-encoding.enabled", "true",
                        "s3.retry.max-num-retries", "3",
                        "s3.connection.max", "50",
                        "s3.connection.timeout", "10000 ms",
                        "s3.socket.timeout", "30000 ms"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a-b.c", "123bucket", "state.v1x.eu", "0ab"})
    void takesNamesThatAmazonTakes(String bucket) {
        assertThat(S3Storage.bucket(bucket).region("eu-central-1").build().uri().getHost())
                .isEqualTo(bucket);
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
                "192.168.1.1",
                "xn--a",
                "a-s3alias",
                "a--ol-s3",
                "sthree-a",
                "logs.2024",
                "a/b",
                "a b"
            })
    void refusesBucketsThatAmazonOrFlinkWouldRefuse(String bucket) {
        assertThatThrownBy(() -> S3Storage.bucket(bucket)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "a/", "a//b", "../a", "a/./b", "a b", "ä", "a?b", "a#b", "a%20b"})
    void refusesPrefixesThatWouldNotBeReadBack(String prefix) {
        assertThatThrownBy(() -> S3Storage.bucket("acme-state").prefix(prefix))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("prefix");
    }

    @ParameterizedTest
    @CsvSource({
        "region, Frankfurt",
        "endpoint, s3.acme.example",
        "endpoint, https://s3.acme.example/bucket",
        "endpoint, https://me:secret@s3.acme.example",
        "path-style, yes",
        "assume-role.arn, flink",
        "assume-role.session-name, a name",
        "assume-role.session-name, audit",
        "assume-role.session-duration, PT1M",
        "encryption, aes",
        "encryption.kms-key, alias/state",
        "retries, 21",
        "retries, many",
        "connections, 0",
        "connect-timeout, 5 s",
        "socket-timeout, PT1H",
        "secret-key, ${secret:env:S3}",
        "access-key, AKIAEXAMPLE",
        "acces-key, AKIAEXAMPLE"
    })
    void refusesWhatIsMalformedOrContradictory(String option, String value) {
        TreeMap<String, String> options = new TreeMap<>(Map.of("region", "eu-central-1"));
        options.put(option, value);
        assertThatThrownBy(() -> S3Settings.of(new StorageLocation(URI.create("s3://acme-state"), options)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnceAndNoSecret() {
        TreeMap<String, String> options = new TreeMap<>(Map.of(
                "secret-key", "canary-of-a-secret",
                "access-key", "canary of a key",
                "profile", "dev",
                "secretkey", "canary-of-a-secret"));
        assertThatThrownBy(() -> S3Settings.of(new StorageLocation(URI.create("s3://acme_state/a//b?c"), options)))
                .isInstanceOfSatisfying(InvalidInputException.class, refused -> assertThat(refused.findings())
                        .extracting(Finding::subject)
                        .containsExactlyInAnyOrder(
                                "storage URI",
                                "bucket",
                                "prefix",
                                "region",
                                "access-key",
                                "secret-key",
                                "option secretkey"))
                .hasMessageNotContaining("canary");
    }

    @Test
    void refusesBothKindsOfCredentials() {
        assertThatThrownBy(() -> S3Storage.bucket("acme-state")
                        .region("eu-central-1")
                        .credentials(SecretRef.env("S3_ID"), SecretRef.env("S3"))
                        .profile("dev")
                        .build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("one kind of credentials");
    }

    private static Map<String, String> rendered(StorageLocation location) {
        List<Setting> settings = S3FlinkKeys.settings(S3Settings.of(location));
        return settings.stream().collect(Collectors.toMap(Setting::key, Setting::value));
    }
}
