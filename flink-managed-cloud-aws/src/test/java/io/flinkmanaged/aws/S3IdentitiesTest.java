package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.EmbeddedSts.AssumedRole;
import io.flinkmanaged.testkit.S3Operation;
import io.flinkmanaged.testkit.S3Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.FSDataInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whom both clients, Flink's and ours, come to S3, and how what they write is encrypted there. */
class S3IdentitiesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long NUMBERS = 20_000;
    private static final String ROLE = "arn:aws:iam::123456789012:role/flink-state";
    private static final String KMS_KEY = "arn:aws:kms:us-east-1:123456789012:key/state";

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("of-a-role");

    private static final Map<String, String> FORMER_PROPERTIES = new HashMap<>();

    @TempDir
    private static Path directory;

    @BeforeEach
    void beginAnew() {
        set("aws.endpointUrlSts", S3.endpoint().toString());
        S3.sts().allow(ROLE, "the external id");
        S3.forgetRequests();
    }

    @AfterAll
    static void restoreProperties() {
        FORMER_PROPERTIES.forEach((key, value) -> {
            if (value.isEmpty()) {
                System.clearProperty(key);
            } else {
                System.setProperty(key, value);
            }
        });
    }

    @Test
    void aClusterWorksAsARoleAndEncryptsAllThatItWrites() throws Exception {
        ClusterSpec spec = ClusterSpec.named("as-a-role")
                .plan(Plans.TINY)
                .taskSlots(2)
                .stateBackend(StateBackend.ROCKSDB)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(clusters().build()))
                .build();
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob job = cluster.submit("counting", env -> CountingJob.define(env, "of-a-role", NUMBERS, 500));
            await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= 2);
            String savepoint = job.savepoint();
            job.cancel();
            RecoveryPoint point = cluster.recoveryPoints("counting").all().stream()
                    .filter(one -> one.isComplete() && one.incremental())
                    .findFirst()
                    .orElseThrow();
            assertThat(savepoint).startsWith("s3://of-a-role/as-a-role/");
            String copy =
                    cluster.stored().copyTo(point, clusters().prefix("copies").build());
            cluster.submit(
                            "copied",
                            StartingPoint.at(copy),
                            env -> CountingJob.define(env, "of-a-role", NUMBERS, 20_000))
                    .awaitFinished(PATIENCE);
        }
        assertThat(CountingJob.counts("of-a-role")).isEqualTo(CountingJob.expected(NUMBERS));
        List<String> sessions =
                S3.sts().assumedRoles().stream().map(AssumedRole::accessKey).toList();
        assertThat(S3.sts().assumedRoles()).allMatch(one -> one.sessionName().equals("state@flink"));
        assertThat(S3.requests()).isNotEmpty().allMatch(request -> sessions.contains(request.accessKey()));
        assertAllWritesAre("aws:kms");
        assertThat(S3.requests().stream().filter(S3IdentitiesTest::writes))
                .extracting(S3Request::key)
                .anyMatch(key -> key.endsWith("/cluster.yaml"))
                .anyMatch(key -> key.contains("/shared/"))
                .anyMatch(key -> key.contains("/chk-") && key.endsWith("/_metadata"))
                .anyMatch(key -> key.startsWith("copies/"));
        assertThat(S3.requests().stream().filter(S3IdentitiesTest::writes)).allSatisfy(put -> assertThat(put.headers())
                .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", KMS_KEY));
    }

    @Test
    void renewsASessionBeforeItsEnd() throws Exception {
        // Both clients replace a session in its last minute: so one a request.
        S3.sts().letSessionsLast(Duration.ofSeconds(30));
        int before = S3.sts().assumedRoles().size();
        try (StateStorage storage = open(ofRole("the external id").prefix("renewed"))) {
            storage.write("record", "first");
            S3.sts().expireSessions();
            storage.write("record", "second");
            assertThat(readByFlink(storage.uriOf("record"))).isEqualTo("second");
            S3.sts().expireSessions();
            assertThat(readByFlink(storage.uriOf("record"))).isEqualTo("second");
        } finally {
            S3.sts().letSessionsLast(Duration.ofHours(1));
        }
        assertThat(S3.sts().assumedRoles().size() - before).isGreaterThanOrEqualTo(4);
    }

    @Test
    void saysThatARoleIsRefusedOrASessionOver() {
        try (StateStorage storage = open(ofRole("another id").prefix("refused"))) {
            assertThatThrownBy(storage::verify)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("role: " + ROLE + " (expected: a role that these credentials may assume)")
                    .hasMessageContaining("sts:AssumeRole");
        }
        try (StateStorage storage = open(ofRole("the external id").prefix("over"))) {
            storage.write("record", "first");
            S3.sts().expireSessions();
            assertThatThrownBy(() -> storage.write("record", "second"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("session token: ExpiredToken");
        }
    }

    @Test
    void takesAProfilesKey() throws Exception {
        Path profiles = Files.writeString(
                directory.resolve("credentials"),
                "[state]\naws_access_key_id = " + S3.accessKey() + "\naws_secret_access_key = " + S3.secretKey()
                        + "\n[temporary]\naws_access_key_id = ASIA\naws_secret_access_key = x\naws_session_token = y\n");
        set("aws.sharedCredentialsFile", profiles.toString());
        try (StateStorage storage = open(at("profile").profile("state").encryptedByS3())) {
            storage.verify();
            storage.write("record", "of a profile");
            assertThat(readByFlink(storage.uriOf("record"))).isEqualTo("of a profile");
        }
        assertThat(S3.requests()).isNotEmpty().allMatch(request -> request.accessKey()
                .equals(S3.accessKey()));
        assertAllWritesAre("AES256");
        assertThatThrownBy(() -> open(at("profile").profile("absent")))
                .hasMessageContaining("profile: absent (expected: a profile with an access key");
        assertThatThrownBy(() -> open(at("profile").profile("temporary")))
                .hasMessageContaining("a profile whose credentials need no session token");
    }

    private static void assertAllWritesAre(String encryption) {
        Predicate<S3Request> encrypted =
                request -> encryption.equals(request.headers().get("x-amz-server-side-encryption"));
        assertThat(S3.requests().stream().filter(S3IdentitiesTest::writes))
                .isNotEmpty()
                .allMatch(encrypted);
        assertThat(S3.count(request -> request.is(S3Operation.COPY) || request.is(S3Operation.MULTIPART)))
                .isZero();
    }

    private static boolean writes(S3Request request) {
        return request.is(S3Operation.PUT);
    }

    private static S3Storage ofRole(String externalId) {
        return TestBuckets.on(S3, directory)
                .assumeRole(ROLE)
                .roleExternalId(externalId)
                .prefix("as-a-role");
    }

    private static S3Storage clusters() {
        return ofRole("the external id").roleSessionName("state@flink").encryptedByKms(KMS_KEY);
    }

    private static S3Storage at(String prefix) {
        return S3Storage.bucket(S3.bucket())
                .region(S3.region())
                .endpoint(S3.endpoint())
                .pathStyle()
                .prefix(prefix);
    }

    private static StateStorage open(S3Storage storage) {
        return StorageProviders.onClassPath().open(storage.build(), "this test");
    }

    private static String readByFlink(String uri) throws IOException {
        org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(uri);
        try (FSDataInputStream in = path.getFileSystem().open(path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static void set(String property, String value) {
        FORMER_PROPERTIES.putIfAbsent(property, System.getProperty(property, ""));
        System.setProperty(property, value);
    }
}
