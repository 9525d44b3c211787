package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import io.flinkmanaged.testkit.S3Request;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3PreflightTest {

    @AutoClose
    private static final EmbeddedS3 SERVER = EmbeddedS3.start("state", "eu-central-1");

    @TempDir
    private static Path directory;

    @BeforeEach
    @AfterEach
    void heal() {
        SERVER.heal();
        SERVER.forgetRequests();
    }

    @Test
    void asksFifteenTimesAndLeavesNothing() {
        verify(storage());
        assertThat(SERVER.keys("")).isEmpty();
        assertThat(SERVER.requests()).hasSizeLessThanOrEqualTo(15);
    }

    @Test
    void namesABucketThatIsMissing() {
        assertVerdict(
                S3Storage.bucket("absent")
                        .region(SERVER.region())
                        .endpoint(SERVER.endpoint())
                        .pathStyle()
                        .credentials(
                                SecretRef.file(secret("id", SERVER.accessKey())),
                                SecretRef.file(secret("good", SERVER.secretKey()))),
                "bucket: absent (expected: a bucket that exists at " + SERVER.endpoint() + ")");
    }

    @Test
    void namesTheRegionThatIsRight() {
        assertVerdict(storage().region("us-west-2"), "region: us-west-2 (expected: eu-central-1)");
        SERVER.inject(S3Fault.reject(301, "PermanentRedirect", Map.of("x-amz-bucket-region", "ap-south-1")));
        assertVerdict(storage(), "region: eu-central-1 (expected: ap-south-1). Set S3Storage.region(\"ap-south-1\").");
    }

    @Test
    void tellsAWrongKeyFromAWrongSecretAndShowsNeither() {
        assertVerdict(
                storage()
                        .credentials(
                                SecretRef.file(secret("someone", "AKIASOMEONE")),
                                SecretRef.file(secret("good", SERVER.secretKey()))),
                "access key: unknown to the server");
        assertVerdict(
                storage()
                        .credentials(
                                SecretRef.file(secret("id", SERVER.accessKey())),
                                SecretRef.file(secret("bad", "canary-of-a-secret"))),
                "secret key: … (expected: the one that belongs to the access key)");
    }

    @Test
    void namesTheSecretThatIsNotThere() {
        S3Storage storage = storage()
                .credentials(SecretRef.file(secret("id", SERVER.accessKey())), SecretRef.env("FLINK_MANAGED_NO_SUCH"));
        assertThatThrownBy(() -> verify(storage))
                .hasMessageContaining("secret ${secret:env:FLINK_MANAGED_NO_SUCH}: not there");
    }

    @ParameterizedTest
    @CsvSource({
        "LIST, cannot list, s3:ListBucket",
        "PUT, cannot write, s3:PutObject",
        "GET, cannot read, s3:GetObject",
        "DELETE_MANY, cannot delete, s3:DeleteObject"
    })
    void namesThePermissionThatIsMissing(S3Operation operation, String cannot, String permission) {
        SERVER.inject(S3Fault.reject(403, "AccessDenied").on(operation));
        assertVerdict(storage(), cannot);
        assertVerdict(storage(), "permission: AccessDenied (expected: " + permission);
        SERVER.heal();
        SERVER.keys("").forEach(SERVER::delete);
    }

    @Test
    void namesTheKeysPermissionsWhereOneIsUsed() {
        SERVER.inject(S3Fault.reject(403, "AccessDenied").on(S3Operation.PUT));
        assertVerdict(storage().encryptedByKms("alias/state"), "kms:GenerateDataKey");
    }

    @Test
    void namesAClockThatIsWrong() {
        SERVER.inject(S3Fault.reject(403, "RequestTimeTooSkewed"));
        assertVerdict(storage(), "clock of this machine: RequestTimeTooSkewed");
    }

    @Test
    void namesAnEndpointThatCannotBeReached() {
        EmbeddedS3 gone = EmbeddedS3.start("gone");
        gone.close();
        assertVerdict(storage().endpoint(gone.endpoint()), "a server that accepts connections");
        assertVerdict(storage().endpoint(URI.create("http://no-such-host.invalid")), "a host name that resolves");
    }

    @Test
    void waitsLittleForAnAnswer() {
        SERVER.inject(S3Fault.delay(Duration.ofMinutes(10)).on(S3Operation.PUT));
        assertVerdict(storage().socketTimeout(Duration.ofMillis(200)), "an answer in time");
    }

    @Test
    void seesAProxyThatChangesContent() {
        SERVER.inject(S3Fault.corrupt().on(S3Operation.GET));
        assertVerdict(storage(), "content: other bytes than were written");
        assertThat(SERVER.keys("")).isEmpty();
    }

    @Test
    void seesAServerThatKeepsNoConditions() {
        SERVER.inject(S3Fault.reject(200, "Ignored").on(S3Request::conditional));
        assertVerdict(storage(), "conditional write: two were first");
        assertThat(SERVER.keys("")).isEmpty();
    }

    private static S3Storage storage() {
        return TestBuckets.on(SERVER, directory).prefix("production").retries(0);
    }

    private static Path secret(String name, String secret) {
        try {
            return Files.writeString(directory.resolve(name), secret);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void verify(S3Storage storage) {
        try (StateStorage opened = StorageProviders.onClassPath().open(storage.build())) {
            opened.verify();
        }
    }

    private static void assertVerdict(S3Storage storage, String verdict) {
        assertThatThrownBy(() -> verify(storage))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(verdict)
                .hasMessageNotContaining("canary-of-a-secret")
                .hasMessageNotContaining(SERVER.secretKey());
    }
}
