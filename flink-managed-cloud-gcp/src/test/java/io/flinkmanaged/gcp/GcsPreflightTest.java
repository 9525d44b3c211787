package io.flinkmanaged.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.EmbeddedGcs;
import io.flinkmanaged.testkit.GcsFault;
import io.flinkmanaged.testkit.GcsOperation;
import io.flinkmanaged.testkit.GcsRequest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GcsPreflightTest {

    private static final String KMS_KEY = "projects/acme/locations/eu/keyRings/state/cryptoKeys/flink";
    private static final String PLAIN = """
            {"encryption": {}, "versioning": {"enabled": false}, "softDeletePolicy": {"retentionDurationSeconds": "0"},
             "lifecycle": {"rule": []}, "retentionPolicy": {}}
            """;

    @AutoClose
    private static final EmbeddedGcs SERVER = EmbeddedGcs.start("state");

    /** Whose requests need a token. */
    @AutoClose
    private static final EmbeddedGcs GUARDED = EmbeddedGcs.start("guarded");

    @TempDir
    private static Path directory;

    @BeforeEach
    @AfterEach
    void heal() {
        SERVER.heal();
        SERVER.tell(PLAIN);
        SERVER.keys("").forEach(SERVER::delete);
        SERVER.forgetRequests();
        GUARDED.requireTokens();
        GUARDED.heal();
    }

    @Test
    void asksElevenTimesAndLeavesNothing() {
        assertThat(verify(storage())).isEmpty();
        assertThat(SERVER.keys("")).isEmpty();
        assertThat(SERVER.requests()).hasSizeLessThanOrEqualTo(11);
    }

    @Test
    void namesABucketThatIsMissing() {
        assertVerdict(
                GcsStorage.bucket("absent").endpoint(SERVER.endpoint()).withoutCredentials(),
                "bucket: absent (expected: a bucket that exists at " + SERVER.endpoint() + ")");
    }

    @Test
    void takesTheKeyOfAnAccountThatIsKnown() {
        verify(TestBuckets.withKey(GUARDED, directory));
        assertThat(GUARDED.keys("")).isEmpty();
    }

    @Test
    void namesCredentialsThatAreMissing() {
        assertVerdict(TestBuckets.on(GUARDED), "credentials: none (expected: credentials that the server takes)");
    }

    @Test
    void namesAKeyThatIsNotTheAccountsOrWasRevoked() {
        String canary = KeyFiles.newKey();
        Path wrong = KeyFiles.write(directory, canary, GUARDED.endpoint() + "/token");
        GcsStorage storage =
                GcsStorage.bucket("guarded").endpoint(GUARDED.endpoint()).keyFile(wrong);
        assertVerdict(storage, "credentials: refused by the token server");
        assertThatThrownBy(() -> verify(storage))
                .hasMessageNotContaining(canary.substring(40, 90))
                .hasStackTraceContaining("Invalid JWT Signature")
                .satisfies(refused -> assertThat(com.google.common.base.Throwables.getStackTraceAsString(refused))
                        .doesNotContain(canary.substring(40, 90)));
    }

    @Test
    void namesATokenThatIsRefused() {
        GcsStorage storage = TestBuckets.withKey(GUARDED, directory);
        try (StateStorage opened = StorageProviders.onClassPath().open(storage.build())) {
            GUARDED.revokeTokens();
            assertThatThrownBy(opened::verify)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("credentials: authError (expected: credentials that the server takes)")
                    .hasMessageContaining("not revoked");
        }
    }

    @Test
    void namesAClockThatIsWrong() {
        String clock = "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT: Token must be a short-lived "
                + "token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.\"}";
        StorageException verdict = new GcsRefusal(GcsSettings.of(storage().build()))
                .of(GcsAction.LOG_IN, "", new java.io.IOException("400 Bad Request " + clock));
        assertThat(verdict).hasMessageContaining("clock of this machine: refused by Google's token server");
    }

    @ParameterizedTest
    @CsvSource({
        "LIST, cannot list, storage.objects.list",
        "UPLOAD, cannot write, storage.objects.create",
        "DOWNLOAD, cannot read, storage.objects.get",
        "BATCH, cannot delete, storage.objects.delete"
    })
    void namesThePermissionThatIsMissing(GcsOperation operation, String cannot, String permission) {
        SERVER.inject(GcsFault.reject(403, "forbidden").on(operation));
        assertVerdict(storage(), cannot);
        assertVerdict(storage(), "permission: forbidden (expected: " + permission);
    }

    @Test
    void namesAnEndpointThatCannotBeReached() {
        EmbeddedGcs gone = EmbeddedGcs.start("gone");
        gone.close();
        assertVerdict(storage().endpoint(gone.endpoint()), "a server that accepts connections");
        assertVerdict(storage().endpoint(URI.create("http://no-such-host.invalid")), "a host name that resolves");
    }

    @Test
    void waitsLittleForAnAnswer() {
        SERVER.inject(GcsFault.delay(Duration.ofMinutes(10)).on(GcsOperation.UPLOAD));
        assertVerdict(storage().readTimeout(Duration.ofMillis(200)), "an answer in time");
    }

    @Test
    void seesAProxyThatChangesContent() {
        SERVER.inject(GcsFault.corrupt().on(GcsOperation.DOWNLOAD));
        assertVerdict(storage(), "content: other bytes than were written");
        assertThat(SERVER.keys("")).isEmpty();
    }

    @Test
    void seesAServerThatIsNone() {
        SERVER.inject(GcsFault.reject(200, "Ignored").on(GcsRequest::conditional));
        assertVerdict(storage(), "conditional write: two were first");
        assertThat(SERVER.keys("")).isEmpty();
    }

    @Test
    void demandsTheKeyThatTheLocationNames() {
        assertVerdict(storage().encryptedByKms(KMS_KEY), "default key of the bucket: none, so Google's own");
        SERVER.tell("{\"encryption\": {\"defaultKmsKeyName\": \"" + KMS_KEY + "\"}}");
        verify(storage().encryptedByKms(KMS_KEY));
        SERVER.inject(GcsFault.reject(403, "forbidden").on(GcsOperation.BUCKET));
        assertVerdict(storage().encryptedByKms(KMS_KEY), "storage.buckets.get");
    }

    @Test
    void advisesAgainstWhatCostsOrDeletesState() {
        SERVER.tell("""
                {"versioning": {"enabled": true}, "softDeletePolicy": {"retentionDurationSeconds": "604800"},
                 "retentionPolicy": {"retentionPeriod": "60"},
                 "lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]}}
                """);
        assertThat(verify(storage()))
                .noneMatch(Finding::isError)
                .extracting(Finding::subject)
                .containsExactly(
                        "lifecycle rule of bucket state",
                        "versioning of bucket state",
                        "soft delete of bucket state",
                        "retention policy of bucket state");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"age\": 30, \"matchesPrefix\": [\"other/\"]} | false",
                "{\"age\": 30, \"matchesPrefix\": [\"prod\"]} | true",
                "{\"age\": 30, \"isLive\": false} | false",
                "{\"daysSinceNoncurrentTime\": 7} | false",
                "{\"createdBefore\": \"2026-01-01\"} | true"
            })
    void knowsWhichRulesConcernState(String condition, boolean concerns) {
        SERVER.tell("{\"lifecycle\": {\"rule\": [{\"action\": {\"type\": \"Delete\"}, \"condition\": " + condition
                + "}, {\"action\": {\"type\": \"SetStorageClass\"}, \"condition\": {\"age\": 1}}]}}");
        assertThat(!verify(storage()).isEmpty()).isEqualTo(concerns);
    }

    @Test
    void advisesNothingWhereItMayNotLook() {
        SERVER.inject(GcsFault.reject(403, "forbidden").on(GcsOperation.BUCKET));
        assertThat(verify(storage())).isEmpty();
    }

    @Test
    void refusesWhatIsNoKeyBeforeAnythingIsAsked() throws Exception {
        Path file = Files.writeString(directory.resolve("no-key.json"), "canary");
        assertThatThrownBy(() -> verify(
                        GcsStorage.bucket("state").endpoint(SERVER.endpoint()).keyFile(file)))
                .hasMessageNotContaining("canary");
        assertThat(SERVER.requests()).isEmpty();
    }

    private static GcsStorage storage() {
        return TestBuckets.on(SERVER).prefix("production").retries(0);
    }

    private static List<Finding> verify(GcsStorage storage) {
        try (StateStorage opened = StorageProviders.onClassPath().open(storage.build())) {
            return opened.verify();
        }
    }

    private static void assertVerdict(GcsStorage storage, String verdict) {
        assertThatThrownBy(() -> verify(storage))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(verdict);
    }
}
