package io.flinkmanaged.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.InvalidInputException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** What GCS answered, whole. */
final class GcsAnswer {

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    GcsAnswer(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    static GcsAnswer of(HttpResponse<byte[]> response) {
        return new GcsAnswer(response.statusCode(), response.headers(), response.body());
    }

    int status() {
        return status;
    }

    HttpHeaders headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Whether the same request may succeed later. */
    boolean isPassing() {
        return status == 408 || status == 429 || status >= 500;
    }

    /** A bucket that is missing is no absence of an object. */
    boolean isAbsence() {
        return status == 404 && !tellsThatTheBucketIsMissing();
    }

    boolean tellsThatTheBucketIsMissing() {
        return status == 404 && text().toLowerCase(Locale.ROOT).contains("bucket does not exist");
    }

    String text() {
        return new String(body, UTF_8);
    }

    /**
     * Reads the body.
     *
     * @throws InvalidInputException if something else than GCS answered
     */
    Map<String, Object> json() {
        // JSON is YAML, too, and the library has a reader of that.
        return YamlText.read("answer of GCS", text(), "Look at what is between.");
    }

    /** Returns GCS's words for an error: its reason, or the status, and its message. */
    GcsError error() {
        try {
            if (json().get("error") instanceof Map<?, ?> error) {
                String message = String.valueOf(error.get("message"));
                Optional<Object> reason = Optional.ofNullable(error.get("errors"))
                        .filter(List.class::isInstance)
                        .map(List.class::cast)
                        .filter(all -> !all.isEmpty() && all.get(0) instanceof Map<?, ?>)
                        .map(all -> ((Map<?, ?>) all.get(0)).get("reason"));
                return new GcsError(reason.map(Object::toString).orElse("status " + status), message);
            }
        } catch (InvalidInputException e) {
            // Not of GCS, or plain text, as its answers to downloads are.
        }
        return new GcsError("status " + status, text().lines().findFirst().orElse(""));
    }

    /** Compares the body with the checksum that came with it, if one did. */
    boolean isUnharmed() {
        return headers.allValues("x-goog-hash").stream()
                .flatMap(values -> List.of(values.split(",")).stream())
                .map(String::strip)
                .filter(value -> value.startsWith("crc32c="))
                .allMatch(value -> value.equals("crc32c=" + crc32c(body)));
    }

    /** Returns a checksum as GCS writes it. */
    static String crc32c(byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(content);
        return encoded(sum);
    }

    static String encoded(CRC32C sum) {
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A refusal in GCS's words. */
    record GcsError(String reason, String message) {}
}
