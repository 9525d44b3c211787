package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.testkit.GcsMultipart.Part;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Several requests in one, each answered by itself, in their order. */
final class GcsBatch {

    private static final int MOST = 100;
    private static final String BOUNDARY = "batch_embedded";

    private GcsBatch() {}

    static HttpAnswer of(GcsCall batch, Function<GcsCall, HttpAnswer> api) {
        List<Part> parts = GcsMultipart.parts(batch);
        if (parts.isEmpty() || parts.size() > MOST) {
            throw new GcsRefusal(400, "badRequest", "A batch has 1 to " + MOST + " requests.");
        }
        StringBuilder answers = new StringBuilder();
        for (Part part : parts) {
            HttpAnswer answer = answer(Part.read(part.body()), api);
            answers.append("--").append(BOUNDARY).append("\r\nContent-Type: application/http\r\n");
            part.header("content-id").ifPresent(id -> answers.append("Content-ID: ")
                    .append(id.startsWith("<") ? "<response-" + id.substring(1) : "response-" + id)
                    .append("\r\n"));
            answers.append("\r\nHTTP/1.1 ").append(answer.status()).append(' ').append(reason(answer.status()));
            answers.append("\r\n");
            answer.headers().forEach(header -> answers.append(header.getKey())
                    .append(": ")
                    .append(header.getValue())
                    .append("\r\n"));
            answers.append("Content-Length: ").append(answer.body().length).append("\r\n\r\n");
            answers.append(new String(answer.body(), UTF_8)).append("\r\n");
        }
        answers.append("--").append(BOUNDARY).append("--\r\n");
        return HttpAnswer.of(
                200,
                Map.of("Content-Type", "multipart/mixed; boundary=" + BOUNDARY),
                answers.toString().getBytes(UTF_8));
    }

    private static HttpAnswer answer(Part request, Function<GcsCall, HttpAnswer> api) {
        String[] line = request.firstLine().split(" ", -1);
        try {
            return line.length < 3
                    ? new GcsRefusal(400, "badRequest", "No request.").answer()
                    : api.apply(new GcsCall(line[0], URI.create(line[1]), request.headers(), request.body()));
        } catch (IllegalArgumentException e) {
            return new GcsRefusal(400, "badRequest", "Malformed address.").answer();
        }
    }

    private static String reason(int status) {
        return status < 300 ? "OK" : "Refused";
    }
}
