package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks over the wire, as Google's documentation has it. */
class EmbeddedGcsTest {

    @AutoClose
    private final EmbeddedGcs gcs = EmbeddedGcs.start("state");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void readsBackWhatWasUploaded() throws Exception {
        JsonNode object = json(upload("a/b c%/ü", "content", ""));
        assertThat(object.path("name").asString()).isEqualTo("a/b c%/ü");
        assertThat(object.path("size").asString()).isEqualTo("7");
        assertThat(object.path("crc32c").asString()).isEqualTo("Ya91Mw==");
        assertThat(object.path("md5Hash").asString()).isEqualTo("mgNkuembtIDdJeHwKEyFVQ==");
        HttpResponse<byte[]> download = get(o("a/b c%/ü") + "?alt=media");
        assertThat(text(download)).isEqualTo("content");
        assertThat(download.headers().firstValue("x-goog-generation"))
                .contains(object.path("generation").asString());
        assertThat(json(get(o("a/b c%/ü"))).path("generation")).isEqualTo(object.path("generation"));
        assertThat(gcs.read("a/b c%/ü")).contains(bytes("content"));
    }

    @Test
    void keepsAnObjectBesideOthersBelowItsName() throws Exception {
        upload("a", "1", "");
        upload("a/b", "2", "");
        upload("a/", "", "");
        assertThat(gcs.keys("")).containsExactly("a", "a/", "a/b");
    }

    @Test
    void tellsAMissingObjectFromAMissingBucket() throws Exception {
        HttpResponse<byte[]> object = get(o("absent"));
        assertThat(object.statusCode()).isEqualTo(404);
        assertThat(reason(object)).isEqualTo("notFound");
        assertThat(text(object)).contains("No such object: state/absent");
        HttpResponse<byte[]> bucket = get("/storage/v1/b/other/o/absent");
        assertThat(bucket.statusCode()).isEqualTo(404);
        assertThat(text(bucket)).contains("The specified bucket does not exist.");
    }

    @Test
    void answersRanges() throws Exception {
        gcs.write("object", bytes("0123456789"));
        assertThat(text(range("bytes=2-4"))).isEqualTo("234");
        assertThat(text(range("bytes=7-"))).isEqualTo("789");
        assertThat(text(range("bytes=-2"))).isEqualTo("89");
        assertThat(text(range("bytes=8-20"))).isEqualTo("89");
        HttpResponse<byte[]> part = range("bytes=2-4");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("content-range")).contains("bytes 2-4/10");
        assertThat(range("bytes=10-").statusCode()).isEqualTo(416);
    }

    @Test
    void letsOneOfManyRacersCreateAnObject() throws Exception {
        List<Integer> answers = Race.of(8, this::claim);
        assertThat(answers).containsOnlyOnce(200).contains(412);
        assertThat(gcs.read("claim")).contains(bytes("racer " + answers.indexOf(200)));
    }

    @Test
    void keepsConditions() throws Exception {
        String first = json(upload("object", "1", "")).path("generation").asString();
        String second = json(upload("object", "2", "&ifGenerationMatch=" + first))
                .path("generation")
                .asString();
        assertThat(Long.parseLong(second)).isGreaterThan(Long.parseLong(first));
        HttpResponse<byte[]> late = upload("object", "3", "&ifGenerationMatch=" + first);
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(reason(late)).isEqualTo("conditionNotMet");
        assertThat(get(o("object") + "?ifGenerationNotMatch=" + second).statusCode())
                .isEqualTo(304);
        assertThat(get(o("object") + "?generation=" + first).statusCode()).isEqualTo(404);
        assertThat(delete(o("object") + "?ifGenerationMatch=" + first).statusCode())
                .isEqualTo(412);
        assertThat(delete(o("object") + "?ifGenerationMatch=" + second).statusCode())
                .isEqualTo(204);
        assertThat(delete(o("object")).statusCode()).isEqualTo(404);
    }

    @Test
    void listsDirectoriesAndTheirMarkers() throws Exception {
        for (String name : List.of("d/", "d/1", "d/e/", "d/e/2", "d/f/3", "d-other")) {
            gcs.write(name, bytes("any"));
        }
        JsonNode plain = json(get("/storage/v1/b/state/o?prefix=d/&delimiter=/"));
        assertThat(names(plain)).containsExactly("d/", "d/1");
        assertThat(prefixes(plain)).containsExactly("d/e/", "d/f/");
        JsonNode marked = json(get("/storage/v1/b/state/o?prefix=d/&delimiter=/&includeTrailingDelimiter=true"));
        assertThat(names(marked)).containsExactly("d/", "d/1", "d/e/");
        assertThat(prefixes(marked)).containsExactly("d/e/", "d/f/");
        JsonNode none = json(get("/storage/v1/b/state/o?prefix=absent"));
        assertThat(none.has("items") || none.has("prefixes")).isFalse();
    }

    @Test
    void pagesThroughAListing() throws Exception {
        for (int i = 0; i < 25; i++) {
            gcs.write(String.format("d/%02d/object", i), bytes("any"));
            gcs.write(String.format("d/%02d.txt", i), bytes("any"));
        }
        List<String> seen = new ArrayList<>();
        Optional<String> token = Optional.empty();
        int pages = 0;
        do {
            JsonNode page = json(get("/storage/v1/b/state/o?prefix=d/&delimiter=/&maxResults=7"
                    + token.map(text -> "&pageToken=" + text).orElse("")));
            assertThat(names(page).size() + prefixes(page).size()).isLessThanOrEqualTo(7);
            seen.addAll(names(page));
            seen.addAll(prefixes(page));
            token = Optional.ofNullable(page.path("nextPageToken").asString(null));
            pages++;
        } while (token.isPresent());
        assertThat(pages).isEqualTo(8);
        assertThat(seen).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void takesAnUploadOfTwoParts() throws Exception {
        HttpResponse<byte[]> answer = multipart("{\"name\":\"d/\",\"metadata\":{\"mark\":\"7\"}}", "\r\n--x\r\n");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("metadata").path("mark").asString()).isEqualTo("7");
        assertThat(json(answer).path("contentType").asString()).isEqualTo("text/plain");
        assertThat(gcs.read("d/")).contains(bytes("\r\n--x\r\n"));
    }

    @Test
    void resumesAnUploadWhereItWasInterrupted() throws Exception {
        URI session = session("object", "");
        assertThat(chunk(session, "bytes */*", "").statusCode()).isEqualTo(308);
        HttpResponse<byte[]> first = chunk(session, "bytes 0-4/*", "01234");
        assertThat(first.statusCode()).isEqualTo(308);
        assertThat(first.headers().firstValue("range")).contains("bytes=0-4");
        assertThat(gcs.read("object")).isEmpty();
        gcs.inject(GcsFault.loseAnswer().on(GcsOperation.RESUMABLE_UPLOAD).first(1));
        assertThatThrownBy(() -> chunk(session, "bytes 5-7/*", "567")).isInstanceOf(IOException.class);
        assertThat(chunk(session, "bytes */*", "").headers().firstValue("range"))
                .contains("bytes=0-7");
        assertThat(chunk(session, "bytes 9-9/10", "9").statusCode()).isEqualTo(503);
        HttpResponse<byte[]> last = chunk(session, "bytes 5-9/10", "56789");
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(json(last).path("size").asString()).isEqualTo("10");
        assertThat(gcs.read("object")).contains(bytes("0123456789"));
        assertThat(chunk(session, "bytes */10", "").statusCode()).isEqualTo(200);
    }

    @Test
    void judgesTheConditionOfAnUploadWhenItBeginsAndWhenItEnds() throws Exception {
        URI late = session("object", "&ifGenerationMatch=0");
        gcs.write("object", bytes("another was first"));
        assertThat(chunk(late, "bytes 0-0/1", "x").statusCode()).isEqualTo(412);
        assertThat(begin("object", "&ifGenerationMatch=0").statusCode()).isEqualTo(412);
        assertThat(gcs.read("object")).contains(bytes("another was first"));
    }

    @Test
    void takesEmptyUploadsAndWholeOnes() throws Exception {
        assertThat(chunk(session("empty", ""), "bytes */0", "").statusCode()).isEqualTo(200);
        assertThat(gcs.read("empty")).contains(new byte[0]);
        HttpResponse<byte[]> whole = http.send(
                HttpRequest.newBuilder(session("whole", ""))
                        .PUT(BodyPublishers.ofString("all"))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(gcs.read("whole")).contains(bytes("all"));
    }

    @Test
    void answersEachRequestOfABatch() throws Exception {
        gcs.write("d/a b", bytes("any"));
        String body = part("1", "DELETE " + o("d/a b") + " HTTP/1.1\r\n\r\n")
                + part("2", "DELETE " + o("d/absent") + " HTTP/1.1\r\n\r\n")
                + "--limit--\r\n";
        HttpResponse<byte[]> answer = post("/batch/storage/v1", "multipart/mixed; boundary=limit", bytes(body));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer))
                .containsSubsequence("response-1", "HTTP/1.1 204", "response-2", "HTTP/1.1 404", "notFound");
        assertThat(gcs.keys("")).isEmpty();
    }

    @Test
    void composesObjectsFromACompressedRequest() throws Exception {
        gcs.write("1", bytes("one "));
        gcs.write("2", bytes("two"));
        String request =
                "{\"sourceObjects\":[{\"name\":\"1\"},{\"name\":\"2\"}],\"destination\":{\"contentType\":\"a/b\"}}";
        HttpResponse<byte[]> composed = compressed(o("both") + "/compose?ifGenerationMatch=0", request);
        assertThat(composed.statusCode()).isEqualTo(200);
        assertThat(json(composed).path("componentCount").asInt()).isEqualTo(2);
        assertThat(gcs.read("both")).contains(bytes("one two"));
        JsonNode later = json(get(o("both")));
        assertThat(later.has("md5Hash")).isFalse();
        assertThat(later.path("componentCount").asInt()).isEqualTo(2);
        assertThat(compressed(o("both") + "/compose?ifGenerationMatch=0", request)
                        .statusCode())
                .isEqualTo(412);
        String stale = "{\"sourceObjects\":[{\"name\":\"1\",\"objectPreconditions\":{\"ifGenerationMatch\":\"7\"}}]}";
        assertThat(compressed(o("third") + "/compose", stale).statusCode()).isEqualTo(412);
    }

    @Test
    void copiesObjects() throws Exception {
        gcs.write("from/a", bytes("content"));
        HttpResponse<byte[]> copied =
                post(o("from/a") + "/rewriteTo/b/state/o/" + encoded("to/a"), "application/json", new byte[0]);
        assertThat(json(copied).path("done").asBoolean()).isTrue();
        assertThat(json(copied).path("resource").path("name").asString()).isEqualTo("to/a");
        assertThat(gcs.read("to/a")).contains(bytes("content"));
    }

    @Test
    void changesMetadataWithoutANewGeneration() throws Exception {
        JsonNode before = json(upload("object", "any", ""));
        HttpResponse<byte[]> patched = http.send(
                request(o("object"))
                        .method("PATCH", BodyPublishers.ofString("{\"metadata\":{\"key\":\"value\"}}"))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(json(patched).path("metadata").path("key").asString()).isEqualTo("value");
        assertThat(json(patched).path("generation")).isEqualTo(before.path("generation"));
        assertThat(json(patched).path("metageneration").asString()).isEqualTo("2");
    }

    @Test
    void tellsTheSettingsOfItsBucket() throws Exception {
        assertThat(json(get("/storage/v1/b/state")).has("versioning")).isFalse();
        gcs.tell("{\"versioning\":{\"enabled\":true}}");
        assertThat(json(get("/storage/v1/b/state"))
                        .path("versioning")
                        .path("enabled")
                        .asBoolean())
                .isTrue();
        assertThat(get("/storage/v1/b/absent").statusCode()).isEqualTo(404);
    }

    @Test
    void playsFaultsOnTheRequestsThatTheyConcernAndLogsAll() throws Exception {
        gcs.write("object", bytes("0123456789"));
        gcs.inject(
                GcsFault.reject(503, "backendError").on(GcsOperation.METADATA).first(1));
        HttpResponse<byte[]> refused = get(o("object"));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(reason(refused)).isEqualTo("backendError");
        assertThat(get(o("object")).statusCode()).isEqualTo(200);
        gcs.inject(GcsFault.corrupt().on(GcsOperation.DOWNLOAD).first(1));
        assertThat(text(get(o("object") + "?alt=media")))
                .isNotEqualTo("0123456789")
                .hasSize(10);
        gcs.inject(GcsFault.truncate()
                .on(request -> request.key().equals("object"))
                .first(1));
        assertThatThrownBy(() -> get(o("object") + "?alt=media")).isInstanceOf(IOException.class);
        gcs.inject(GcsFault.reset().on(GcsOperation.UPLOAD));
        assertThatThrownBy(() -> upload("other", "any", "")).isInstanceOf(IOException.class);
        gcs.heal();
        gcs.inject(GcsFault.delay(Duration.ofMillis(50)));
        assertThat(upload("other", "any", "").statusCode()).isEqualTo(200);
        assertThat(gcs.requests())
                .extracting(GcsRequest::operation)
                .contains(GcsOperation.METADATA, GcsOperation.DOWNLOAD, GcsOperation.UPLOAD);
        assertThat(gcs.count(request -> request.is(GcsOperation.METADATA))).isEqualTo(2);
        gcs.forgetRequests();
        assertThat(gcs.requests()).isEmpty();
    }

    @Test
    void logsEachStepOfAnUploadByTheNameOfItsObject() throws Exception {
        String resource = "{\"name\":\"d/a &+b\"}";
        String twoParts = "--x\r\nContent-Type: application/json\r\n\r\n" + resource
                + "\r\n--x\r\nContent-Type: a/b\r\n\r\nany\r\n--x--\r\n";
        assertThat(post(
                                "/upload/storage/v1/b/state/o?uploadType=multipart",
                                "multipart/related; boundary=x",
                                bytes(twoParts))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> begun =
                post("/upload/storage/v1/b/state/o?uploadType=resumable", "application/json", bytes(resource));
        URI session = URI.create(begun.headers().firstValue("location").orElseThrow());
        gcs.inject(GcsFault.reject(503, "backendError")
                .on(request -> request.key().equals("d/a &+b"))
                .first(1));
        assertThat(chunk(session, "bytes 0-0/1", "x").statusCode()).isEqualTo(503);
        assertThat(chunk(session, "bytes 0-0/1", "x").statusCode()).isEqualTo(200);
        assertThat(gcs.requests()).hasSize(4).extracting(GcsRequest::key).containsOnly("d/a &+b");
    }

    @Test
    void issuesTokensToWhomTheKeyFileNamesAndRefusesOthers() throws Exception {
        gcs.requireTokens();
        HttpResponse<byte[]> anonymous = get(o("absent"));
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(reason(anonymous)).isEqualTo("required");
        JsonNode key = JsonMapper.shared().readTree(gcs.keyFile());
        String token = json(token(signed(key, Instant.now().getEpochSecond())))
                .path("access_token")
                .asString();
        assertThat(with(token, o("absent")).statusCode()).isEqualTo(404);
        assertThat(reason(with("forged", o("absent")))).isEqualTo("authError");
        HttpResponse<byte[]> batch = post(
                "/batch/storage/v1",
                "multipart/mixed; boundary=limit",
                bytes(part("1", "DELETE " + o("absent") + " HTTP/1.1\r\n\r\n")
                        + part(
                                "2",
                                "DELETE " + o("absent") + " HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                        + "--limit--\r\n"));
        assertThat(text(batch)).containsSubsequence("HTTP/1.1 401", "HTTP/1.1 404");
        gcs.revokeTokens();
        assertThat(with(token, o("absent")).statusCode()).isEqualTo(401);
        assertThat(text(token(signed(key, 0)))).contains("invalid_grant", "reasonable timeframe");
        assertThat(text(token(signed(key, Instant.now().getEpochSecond()) + "AA")))
                .contains("Invalid JWT Signature");
    }

    private String signed(JsonNode key, long now) throws Exception {
        String head = base64(bytes("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"));
        String claims = base64(bytes("{\"iss\":\"" + key.path("client_email").asString() + "\",\"aud\":\""
                + key.path("token_uri").asString() + "\",\"iat\":" + now + ",\"exp\":" + (now + 3600) + "}"));
        String pem = key.path("private_key").asString().replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey secret = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(secret);
        signature.update(bytes(head + "." + claims));
        return head + "." + claims + "." + base64(signature.sign());
    }

    private HttpResponse<byte[]> token(String assertion) throws Exception {
        String form =
                "grant_type=" + encoded("urn:ietf:params:oauth:grant-type:jwt-bearer") + "&assertion=" + assertion;
        return post("/token", "application/x-www-form-urlencoded", bytes(form));
    }

    private HttpResponse<byte[]> with(String token, String path) throws Exception {
        return http.send(
                request(path).header("Authorization", "Bearer " + token).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> upload(String name, String content, String further) throws Exception {
        return post(
                "/upload/storage/v1/b/state/o?uploadType=media&name=" + encoded(name) + further,
                "application/octet-stream",
                bytes(content));
    }

    private int claim(int racer) {
        try {
            return upload("claim", "racer " + racer, "&ifGenerationMatch=0").statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<byte[]> multipart(String resource, String content) throws Exception {
        String body = "--limit\r\nContent-Type: application/json\r\n\r\n" + resource
                + "\r\n--limit\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--limit--\r\n";
        return post(
                "/upload/storage/v1/b/state/o?uploadType=multipart", "multipart/related; boundary=limit", bytes(body));
    }

    private HttpResponse<byte[]> begin(String name, String further) throws Exception {
        return post(
                "/upload/storage/v1/b/state/o?uploadType=resumable&name=" + encoded(name) + further,
                "application/json",
                new byte[0]);
    }

    private URI session(String name, String further) throws Exception {
        return URI.create(begin(name, further).headers().firstValue("location").orElseThrow());
    }

    private HttpResponse<byte[]> chunk(URI session, String range, String content) throws Exception {
        return http.send(
                HttpRequest.newBuilder(session)
                        .header("Content-Range", range)
                        .PUT(BodyPublishers.ofString(content))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> compressed(String path, String body) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes(body));
        }
        return http.send(
                request(path)
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(zipped.toByteArray()))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
        return http.send(
                request(path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> range(String range) throws Exception {
        return http.send(
                request(o("object") + "?alt=media").header("Range", range).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> delete(String path) throws Exception {
        return http.send(request(path).DELETE().build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(gcs.endpoint() + path));
    }

    private static String part(String id, String request) {
        return "--limit\r\nContent-Type: application/http\r\nContent-ID: " + id + "\r\n\r\n" + request + "\r\n";
    }

    private static String o(String name) {
        return "/storage/v1/b/state/o/" + encoded(name);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static List<String> names(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.path("items").forEach(item -> names.add(item.path("name").asString()));
        return names;
    }

    private static List<String> prefixes(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.path("prefixes").forEach(item -> names.add(item.asString()));
        return names;
    }

    private static String reason(HttpResponse<byte[]> answer) {
        return json(answer).path("error").path("errors").path(0).path("reason").asString();
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
