package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsAnswer.GcsError;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.storage.StorageException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Deletes objects in batches, which answer for each object of their own. */
final class GcsDeletion {

    /** Google's most for one batch. */
    private static final int MOST_AT_ONCE = 100;

    private static final String BOUNDARY = "flink-managed-batch";
    private static final Pattern ID = Pattern.compile("(?i)content-id:\\s*<?response-<?(\\d+)>?");
    private static final Pattern STATUS = Pattern.compile("HTTP/\\d(?:\\.\\d)? (\\d{3})");

    private final GcsSettings gcs;
    private final GcsClient client;

    GcsDeletion(GcsSettings gcs, GcsClient client) {
        this.gcs = gcs;
        this.client = client;
    }

    void of(List<String> keys) {
        for (int from = 0; from < keys.size(); from += MOST_AT_ONCE) {
            deleteUntilAllAreGone(keys.subList(from, Math.min(keys.size(), from + MOST_AT_ONCE)));
        }
    }

    /** What passes by itself is asked again, alone. */
    private void deleteUntilAllAreGone(List<String> keys) {
        List<String> left = keys;
        for (int tries = 0; !left.isEmpty(); tries++) {
            Outcome outcome = deleteAtOnce(left);
            if (outcome.refused != null || (!outcome.passing.isEmpty() && tries == client.retries())) {
                throw refuse(keys, outcome);
            }
            left = outcome.passing;
        }
    }

    private Outcome deleteAtOnce(List<String> keys) {
        GcsAnswer answer = client.require(GcsAction.DELETE, keys.get(0), () -> client.batch()
                .header("Content-Type", "multipart/mixed; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofString(body(keys))));
        Outcome outcome = new Outcome(keys);
        String[] parts = answer.text().split("--" + Pattern.quote(boundaryOf(answer)), -1);
        int answered = 0;
        for (String part : parts) {
            Matcher status = STATUS.matcher(part);
            Matcher id = ID.matcher(part);
            if (status.find() && id.find()) {
                int start = part.indexOf("\r\n\r\n", status.end());
                outcome.add(
                        keys.get(Integer.parseInt(id.group(1))),
                        answerOf(Integer.parseInt(status.group(1)), start < 0 ? "" : part.substring(start)));
                answered++;
            }
        }
        if (answered != keys.size()) {
            throw new StorageException(
                    "storage " + gcs.address().uriOfKey(keys.get(0)) + ": "
                            + new Finding(
                                    "answer to a batch",
                                    answered + " parts",
                                    "one for each of " + keys.size() + " objects",
                                    "Look at what is between, and delete again."),
                    null);
        }
        return outcome;
    }

    private String body(List<String> keys) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            body.append("--" + BOUNDARY + "\r\nContent-Type: application/http\r\nContent-ID: <")
                    .append(i)
                    .append(">\r\n\r\nDELETE ")
                    .append(client.pathOf(keys.get(i)))
                    .append(" HTTP/1.1\r\n\r\n\r\n");
        }
        return body.append("--" + BOUNDARY + "--\r\n").toString();
    }

    private static String boundaryOf(GcsAnswer answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        int at = type.indexOf("boundary=");
        return at < 0
                ? BOUNDARY
                : type.substring(at + "boundary=".length()).replace("\"", "").strip();
    }

    private static GcsAnswer answerOf(int status, String body) {
        HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
        return new GcsAnswer(status, none, body.getBytes(StandardCharsets.UTF_8));
    }

    private StorageException refuse(List<String> keys, Outcome outcome) {
        GcsAnswer answer = outcome.refused != null ? outcome.refused : answerOf(503, "");
        GcsError error = answer.error();
        StorageException first = client.refuse(GcsAction.DELETE, outcome.firstLeft(), answer);
        return new StorageException(
                first.getMessage() + " (" + outcome.left() + " of " + keys.size() + " objects are left: "
                        + error.reason() + ")",
                null);
    }

    /** What became of each object of a batch. */
    private static final class Outcome {

        private final List<String> passing = new ArrayList<>();
        private final List<String> forGood = new ArrayList<>();
        private final List<String> keys;
        private @Nullable GcsAnswer refused;

        Outcome(List<String> keys) {
            this.keys = keys;
        }

        void add(String key, GcsAnswer answer) {
            if (answer.isSuccess() || answer.isAbsence()) {
                return;
            }
            if (answer.isPassing()) {
                passing.add(key);
                return;
            }
            forGood.add(key);
            refused = refused == null ? answer : refused;
        }

        int left() {
            return passing.size() + forGood.size();
        }

        String firstLeft() {
            return !forGood.isEmpty() ? forGood.get(0) : passing.isEmpty() ? keys.get(0) : passing.get(0);
        }
    }
}
