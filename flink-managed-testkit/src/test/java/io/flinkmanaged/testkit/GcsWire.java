package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks an {@link EmbeddedGcs} over the wire, past every client. */
final class GcsWire {

    private final EmbeddedGcs server;
    private final HttpClient http = HttpClient.newHttpClient();

    GcsWire(EmbeddedGcs server) {
        this.server = server;
    }

    HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> with(String token, String path) throws Exception {
        return send(request(path).header("Authorization", "Bearer " + token).build());
    }

    HttpResponse<byte[]> upload(String name, String content, String further) throws Exception {
        return post(
                "/upload/storage/v1/b/state/o?uploadType=media&name=" + encoded(name) + further,
                "application/octet-stream",
                bytes(content));
    }

    HttpResponse<byte[]> multipart(String resource, String content) throws Exception {
        String body = "--limit\r\nContent-Type: application/json\r\n\r\n" + resource
                + "\r\n--limit\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--limit--\r\n";
        return post(
                "/upload/storage/v1/b/state/o?uploadType=multipart", "multipart/related; boundary=limit", bytes(body));
    }

    HttpResponse<byte[]> begin(String name, String further) throws Exception {
        return post(
                "/upload/storage/v1/b/state/o?uploadType=resumable&name=" + encoded(name) + further,
                "application/json",
                new byte[0]);
    }

    URI session(String name, String further) throws Exception {
        return URI.create(begin(name, further).headers().firstValue("location").orElseThrow());
    }

    HttpResponse<byte[]> chunk(URI session, String range, String content) throws Exception {
        return send(HttpRequest.newBuilder(session)
                .header("Content-Range", range)
                .PUT(BodyPublishers.ofString(content))
                .build());
    }

    HttpResponse<byte[]> compressed(String path, String body) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes(body));
        }
        return send(request(path)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(zipped.toByteArray()))
                .build());
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
        return send(request(path)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    HttpResponse<byte[]> range(String range) throws Exception {
        return send(request(o("object") + "?alt=media").header("Range", range).build());
    }

    HttpResponse<byte[]> get(String path) throws Exception {
        return send(request(path).build());
    }

    HttpResponse<byte[]> delete(String path) throws Exception {
        return send(request(path).DELETE().build());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.endpoint() + path));
    }

    static String part(String id, String request) {
        return "--limit\r\nContent-Type: application/http\r\nContent-ID: " + id + "\r\n\r\n" + request + "\r\n";
    }

    static String o(String name) {
        return "/storage/v1/b/state/o/" + encoded(name);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    static List<String> names(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.path("items").forEach(item -> names.add(item.path("name").asString()));
        return names;
    }

    static List<String> prefixes(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.path("prefixes").forEach(item -> names.add(item.asString()));
        return names;
    }

    static String reason(HttpResponse<byte[]> answer) {
        return json(answer).path("error").path("errors").path(0).path("reason").asString();
    }

    static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
