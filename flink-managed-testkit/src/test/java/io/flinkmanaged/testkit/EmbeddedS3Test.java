package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Asked by Amazon's own client. */
class EmbeddedS3Test {

    @AutoClose
    private static final EmbeddedS3 SERVER = EmbeddedS3.start("state", "eu-central-1");

    @AutoClose
    private static final S3Client CLIENT = client(SERVER.region(), SERVER.accessKey(), SERVER.secretKey());

    @BeforeEach
    void empty() {
        SERVER.keys("").forEach(SERVER::delete);
        SERVER.forgetRequests();
    }

    @AfterEach
    void heal() {
        SERVER.heal();
    }

    @Test
    void keepsObjects() {
        put("a/b", "text");
        assertThat(get("a/b")).isEqualTo("text");
        assertThat(list("a/")).containsExactly("a/b");
        DeleteObjectsResponse deleted = CLIENT.deleteObjects(many -> many.bucket("state")
                .delete(all -> all.objects(ObjectIdentifier.builder().key("a/b").build())));
        assertThat(deleted.hasErrors()).isFalse();
        assertThat(list("")).isEmpty();
    }

    @Test
    void keepsKeysOfAnyCharacters() {
        String key = "jobs/my%20job%2E/ä+&= #1/_metadata";
        put(key, "text");
        assertThat(get(key)).isEqualTo("text");
        assertThat(list("jobs/my%20job%2E/")).containsExactly(key);
        assertThat(SERVER.count(request -> request.key().equals(key))).isEqualTo(2);
    }

    @Test
    void letsOneOfManyRacersCreateAnObject() throws Exception {
        for (int round = 0; round < 5; round++) {
            String key = "epochs/" + round;
            List<Boolean> won = Race.of(8, number -> createIfAbsent(key, "by " + number));
            assertThat(won).containsOnlyOnce(true);
            assertThat(get(key)).isEqualTo("by " + won.indexOf(true));
        }
    }

    @Test
    void showsAnObjectWholeWhileItIsReplaced() throws Exception {
        put("record", "text 0");
        Race.during(
                () -> {
                    for (int i = 1; i <= 50; i++) {
                        put("record", "text " + i);
                    }
                    return true;
                },
                () -> assertThat(get("record")).startsWith("text "));
        assertThat(get("record")).isEqualTo("text 50");
    }

    @Test
    void showsAndChangesObjectsPastTheNetwork() {
        SERVER.write("a/b", "text".getBytes(UTF_8));
        assertThat(SERVER.read("a/b")).contains("text".getBytes(UTF_8));
        assertThat(SERVER.read("a/c")).isEmpty();
        assertThat(SERVER.keys("a/")).containsExactly("a/b");
        SERVER.delete("a/b");
        assertThat(SERVER.keys("")).isEmpty();
        assertThat(SERVER.requests()).isEmpty();
    }

    @Test
    void refusesTheWrongKeySecretRegionAndBucket() {
        assertRefused("InvalidAccessKeyId", () -> ask(SERVER.region(), "AKIASOMEONE", SERVER.secretKey(), "state"));
        assertRefused("SignatureDoesNotMatch", () -> ask(SERVER.region(), SERVER.accessKey(), "guessed", "state"));
        assertRefused(
                "AuthorizationHeaderMalformed",
                () -> ask("us-west-2", SERVER.accessKey(), SERVER.secretKey(), "state"));
        assertRefused("NoSuchBucket", () -> ask(SERVER.region(), SERVER.accessKey(), SERVER.secretKey(), "other"));
        SERVER.createBucket("other");
        ask(SERVER.region(), SERVER.accessKey(), SERVER.secretKey(), "other");
    }

    @Test
    void logsWhatIsAskedAndCountsIt() {
        put("a", "text");
        assertThat(createIfAbsent("a", "again")).isFalse();
        assertThat(list("a")).hasSize(1);
        assertThat(SERVER.requests())
                .extracting(S3Request::operation, S3Request::bucket, S3Request::key, S3Request::conditional)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(S3Operation.PUT, "state", "a", false),
                        org.assertj.core.groups.Tuple.tuple(S3Operation.PUT, "state", "a", true),
                        org.assertj.core.groups.Tuple.tuple(S3Operation.LIST, "state", "a", false));
        assertThat(SERVER.count(request -> request.is(S3Operation.PUT))).isEqualTo(2);
    }

    @Test
    void rejectsChosenRequestsAsOftenAsItIsTold() {
        SERVER.inject(S3Fault.reject(503, "SlowDown")
                .on(request -> request.key().startsWith("slow"))
                .first(1));
        put("fast", "text");
        assertRefused("SlowDown", () -> put("slow", "text"));
        assertThat(SERVER.keys("")).containsExactly("fast");
        put("slow", "text");
        assertThat(get("slow")).isEqualTo("text");
    }

    @Test
    void tellsWhatATestWantsToBeTold() {
        SERVER.inject(S3Fault.reject(301, "PermanentRedirect", Map.of("x-amz-bucket-region", "us-west-2")));
        assertThatThrownBy(() -> list("")).isInstanceOfSatisfying(S3Exception.class, refused -> assertThat(
                        refused.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region"))
                .contains("us-west-2"));
    }

    @Test
    void closesConnectionsBeforeOrAfterTheWorkIsDone() {
        SERVER.inject(S3Fault.reset().on(S3Operation.PUT).first(1));
        assertThatThrownBy(() -> put("a", "text")).isInstanceOf(SdkClientException.class);
        SERVER.heal();
        assertThat(SERVER.keys("")).isEmpty();
        SERVER.inject(S3Fault.loseAnswer().on(S3Operation.PUT));
        assertThatThrownBy(() -> put("a", "text")).isInstanceOf(SdkClientException.class);
        assertThat(SERVER.keys("")).containsExactly("a");
    }

    @Test
    void cutsAnswersShortAndDamagesThem() throws Exception {
        SERVER.inject(S3Fault.corrupt().on(request -> request.key().isEmpty()));
        String whole = plain();
        assertThat(whole).isNotEmpty();
        SERVER.heal();
        assertThat(plain()).isNotEqualTo(whole).hasSameSizeAs(whole);
        SERVER.inject(S3Fault.truncate());
        assertThatThrownBy(EmbeddedS3Test::plain).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void letsRequestsWait() {
        SERVER.inject(S3Fault.delay(Duration.ofMinutes(10)).on(S3Operation.GET));
        SERVER.inject(S3Fault.delay(Duration.ofMillis(1)).on(S3Operation.PUT));
        put("a", "text");
        assertThatThrownBy(() -> get("a")).isInstanceOf(SdkClientException.class);
        assertThat(list("")).containsExactly("a");
    }

    @Test
    void closesAnyNumberOfTimes() {
        EmbeddedS3 other = EmbeddedS3.start("other");
        assertThat(other.endpoint()).isNotEqualTo(SERVER.endpoint());
        other.close();
        other.close();
    }

    private static String plain() throws Exception {
        HttpRequest unsigned =
                HttpRequest.newBuilder(URI.create(SERVER.endpoint() + "/")).build();
        return HttpClient.newHttpClient()
                .send(unsigned, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void put(String key, String text) {
        PutObjectResponse unused = CLIENT.putObject(put -> put.bucket("state").key(key), RequestBody.fromString(text));
    }

    private static boolean createIfAbsent(String key, String text) {
        try {
            PutObjectResponse unused = CLIENT.putObject(
                    put -> put.bucket("state").key(key).ifNoneMatch("*"), RequestBody.fromString(text));
            return true;
        } catch (S3Exception e) {
            assertThat(e.statusCode()).isEqualTo(412);
            return false;
        }
    }

    private static String get(String key) {
        return CLIENT.getObjectAsBytes(get -> get.bucket("state").key(key)).asUtf8String();
    }

    private static List<String> list(String prefix) {
        return CLIENT.listObjectsV2(list -> list.bucket("state").prefix(prefix)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    private static void ask(String region, String accessKey, String secretKey, String bucket) {
        try (S3Client client = client(region, accessKey, secretKey)) {
            assertThat(client.listObjectsV2(list -> list.bucket(bucket)).contents())
                    .isEmpty();
        }
    }

    private static void assertRefused(String code, ThrowingCallable request) {
        assertThatThrownBy(request).isInstanceOfSatisfying(S3Exception.class, refused -> assertThat(
                        refused.awsErrorDetails().errorCode())
                .isEqualTo(code));
    }

    private static S3Client client(String region, String accessKey, String secretKey) {
        return S3Client.builder()
                .endpointOverride(SERVER.endpoint())
                .forcePathStyle(true)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(2)))
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
