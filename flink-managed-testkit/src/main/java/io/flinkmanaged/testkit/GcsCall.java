package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A request as the API reads it: by itself, or one of a batch. Names of headers are in lower case. */
final class GcsCall {

    /** Uploads and downloads have addresses of their own, with the same rest. */
    private static final List<String> BASES =
            List.of("/resumable/upload/storage/v1/", "/upload/storage/v1/", "/download/storage/v1/", "/storage/v1/");

    private final String method;
    private final String rawPath;
    private final List<String> segments;
    private final Map<String, String> query;
    private final Map<String, String> headers;
    private final byte[] body;

    GcsCall(String method, URI uri, Map<String, String> headers, byte[] body) {
        this.method = method;
        this.rawPath = uri.getRawPath();
        this.segments = segments(rawPath);
        this.query = HttpQuery.parse(uri.getRawQuery());
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    private GcsCall(GcsCall other, Map<String, String> headers) {
        this.method = other.method;
        this.rawPath = other.rawPath;
        this.segments = other.segments;
        this.query = other.query;
        this.headers = Map.copyOf(headers);
        this.body = other.body;
    }

    /** Returns this with a header as another call has it. */
    GcsCall with(String name, GcsCall other) {
        Map<String, String> all = new HashMap<>(headers);
        other.header(name).ifPresent(value -> all.put(name, value));
        return new GcsCall(this, all);
    }

    private static List<String> segments(String rawPath) {
        return BASES.stream()
                .filter(rawPath::startsWith)
                .findFirst()
                .map(base -> Arrays.stream(rawPath.substring(base.length()).split("/", -1))
                        .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), UTF_8))
                        .toList())
                .orElse(List.of());
    }

    String method() {
        return method;
    }

    boolean isUpload() {
        return rawPath.contains("/upload/storage/v1/");
    }

    Map<String, String> query() {
        return query;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns the body as it was sent. */
    byte[] body() {
        return body;
    }

    /** Returns the body of a request that a client may have compressed as a whole, as Google's clients do. */
    byte[] inflatedBody() {
        if (!header("content-encoding").equals(Optional.of("gzip"))) {
            return body;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new GcsRefusal(400, "badContent", "The body is not compressed as its header says.");
        }
    }

    String bucket() {
        return segment(1);
    }

    String object() {
        return segment(3);
    }

    /** Returns what is done to the object, such as {@code compose}; empty if it is the object itself. */
    String verb() {
        return segment(4);
    }

    /** Returns a part of the path after the API's base, decoded; empty if the path is shorter. */
    String segment(int index) {
        return index < segments.size() ? segments.get(index) : "";
    }

    GcsOperation operation() {
        if (rawPath.startsWith("/batch")) {
            return GcsOperation.BATCH;
        }
        if (rawPath.equals("/token")) {
            return GcsOperation.TOKEN;
        }
        if (!segment(0).equals("b")) {
            return GcsOperation.UNKNOWN;
        }
        if (isUpload()) {
            return query.containsKey("upload_id") || "resumable".equals(query.get("uploadType"))
                    ? GcsOperation.RESUMABLE_UPLOAD
                    : GcsOperation.UPLOAD;
        }
        if (!segment(2).equals("o")) {
            return segment(2).isEmpty() ? GcsOperation.BUCKET : GcsOperation.UNKNOWN;
        }
        return object().isEmpty() ? GcsOperation.LIST : ofObject();
    }

    private GcsOperation ofObject() {
        return switch (verb()) {
            case "compose" -> GcsOperation.COMPOSE;
            case "rewriteTo", "copyTo" -> GcsOperation.COPY;
            case "" ->
                switch (method) {
                    case "GET" -> "media".equals(query.get("alt")) ? GcsOperation.DOWNLOAD : GcsOperation.METADATA;
                    case "DELETE" -> GcsOperation.DELETE;
                    case "PATCH", "PUT" -> GcsOperation.UPDATE;
                    default -> GcsOperation.UNKNOWN;
                };
            default -> GcsOperation.UNKNOWN;
        };
    }
}
