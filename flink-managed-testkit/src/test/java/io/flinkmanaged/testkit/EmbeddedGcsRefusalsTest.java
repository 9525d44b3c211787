package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Google would refuse is refused here too, in its form. */
class EmbeddedGcsRefusalsTest {

    private static final String UPLOAD = "/upload/storage/v1/b/state/o?uploadType=";

    @AutoClose
    private static final EmbeddedGcs GCS = EmbeddedGcs.start("state");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ab", "State", "a b", "-state", "state.", "a..b", "192.168.0.1", "goog-state", "my-google"})
    void refusesNamesOfBuckets(String name) throws Exception {
        assertRefused(post("/storage/v1/b?project=any", "{\"name\":\"" + name + "\"}"), 400, "invalid");
    }

    @Test
    void tellsABucketThatCannotBeFromOneThatIsNot() throws Exception {
        assertRefused(send("GET", "/storage/v1/b/No_Such/o/object", ""), 400, "invalid");
        assertRefused(send("GET", "/storage/v1/b/no-such/o/object", ""), 404, "notFound");
        assertRefused(send("GET", "/storage/v1/b/state/iam", ""), 404, "notFound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", ".", "..", ".well-known/acme-challenge/x"})
    void refusesNamesOfObjects(String name) throws Exception {
        assertRefused(upload(name), 400, "invalid");
    }

    @Test
    void countsTheBytesOfANameNotItsLetters() throws Exception {
        assertThat(upload("ä".repeat(512)).statusCode()).isEqualTo(200);
        assertRefused(upload("ä".repeat(512) + "a"), 400, "invalid");
        assertRefused(upload(""), 400, "required");
    }

    @Test
    void refusesContentThatIsNotWhatItsWriterSaysItIs() throws Exception {
        assertThat(upload(
                                "{\"name\":\"whole\",\"crc32c\":\"Ya91Mw==\",\"md5Hash\":\"mgNkuembtIDdJeHwKEyFVQ==\"}",
                                "content")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> damaged = upload("{\"name\":\"damaged\",\"crc32c\":\"Ya91Mw==\"}", "c0ntent");
        assertRefused(damaged, 400, "invalid");
        assertThat(damaged.body()).contains("doesn't match calculated CRC32C");
        String session = post(UPLOAD + "resumable", "{\"name\":\"damaged\",\"md5Hash\":\"mgNkuembtIDdJeHwKEyFVQ==\"}")
                .headers()
                .firstValue("location")
                .orElseThrow();
        assertRefused(send("PUT", session.substring(GCS.endpoint().toString().length()), "c0ntent"), 400, "invalid");
        assertThat(GCS.keys("damaged")).isEmpty();
    }

    @Test
    void judgesMetagenerations() throws Exception {
        GCS.write("object", "any".getBytes(UTF_8));
        String object = "/storage/v1/b/state/o/object";
        assertThat(send("GET", object + "?ifMetagenerationNotMatch=1", "").statusCode())
                .isEqualTo(304);
        assertThat(send("GET", object + "?ifMetagenerationNotMatch=2", "").statusCode())
                .isEqualTo(200);
        assertRefused(send("DELETE", object + "?ifMetagenerationNotMatch=1", ""), 412, "conditionNotMet");
        HttpResponse<String> other = send("DELETE", object + "?ifMetagenerationMatch=2", "");
        assertThat(detail(other).path("location").asString()).isEqualTo("If-Match");
        assertThat(send("DELETE", object + "?ifMetagenerationMatch=1", "").statusCode())
                .isEqualTo(204);
    }

    @Test
    void answersARangeThatIsNoneWithTheWhole() throws Exception {
        GCS.write("object", "any".getBytes(UTF_8));
        HttpRequest request = request("/storage/v1/b/state/o/object?alt=media")
                .header("Range", "bytes=0-99999999999999999999")
                .build();
        assertThat(HTTP.send(request, BodyHandlers.ofString()).body()).isEqualTo("any");
    }

    @Test
    void answersTheOthersOfABatchWithAMalformedRequest() throws Exception {
        String head = "--limit\r\nContent-Type: application/http\r\n\r\n";
        String batch = head + "GET /storage/v1/b/state/o/a|b HTTP/1.1\r\n\r\n\r\n" + head
                + "GET /storage/v1/b/state HTTP/1.1\r\n\r\n\r\n--limit--\r\n";
        HttpRequest request = request("/batch/storage/v1")
                .header("Content-Type", "multipart/mixed; boundary=limit")
                .POST(BodyPublishers.ofString(batch))
                .build();
        assertThat(HTTP.send(request, BodyHandlers.ofString()).body())
                .containsSubsequence("HTTP/1.1 400", "badRequest", "HTTP/1.1 200", "storage#bucket");
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String reason) {
        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode error = JsonMapper.shared().readTree(answer.body()).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(status);
        assertThat(error.path("message").asString()).isNotEmpty();
        assertThat(detail(answer).path("reason").asString()).isEqualTo(reason);
    }

    private static JsonNode detail(HttpResponse<String> answer) {
        return JsonMapper.shared()
                .readTree(answer.body())
                .path("error")
                .path("errors")
                .path(0);
    }

    private static HttpResponse<String> upload(String name) throws Exception {
        return post(UPLOAD + "media&name=" + URLEncoder.encode(name, UTF_8), "any");
    }

    private static HttpResponse<String> upload(String resource, String content) throws Exception {
        String body = "--limit\r\nContent-Type: application/json\r\n\r\n" + resource
                + "\r\n--limit\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--limit--\r\n";
        HttpRequest request = request(UPLOAD + "multipart")
                .header("Content-Type", "multipart/related; boundary=limit")
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return HTTP.send(
                request(path).method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(GCS.endpoint() + path));
    }
}
