package io.flinkmanaged.testkit;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An object's content, or the range of it that a request names. */
final class GcsDownload {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private GcsDownload() {}

    static HttpAnswer of(GcsCall call, GcsObject object) {
        byte[] content = object.content().bytes();
        int size = content.length;
        Map<String, String> headers = headers(object);
        Optional<Matcher> range = call.header("range")
                .map(RANGE::matcher)
                .filter(Matcher::matches)
                .filter(matcher ->
                        !(matcher.group(1).isEmpty() && matcher.group(2).isEmpty()));
        if (range.isEmpty()) {
            return HttpAnswer.of(200, headers, content);
        }
        String first = range.get().group(1);
        String last = range.get().group(2);
        long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        if (from >= size || from > to) {
            headers.put("Content-Range", "bytes */" + size);
            return HttpAnswer.of(416, headers, new byte[0]);
        }
        headers.put("Content-Range", "bytes " + from + "-" + to + "/" + size);
        return HttpAnswer.of(206, headers, Arrays.copyOfRange(content, (int) from, (int) to + 1));
    }

    private static Map<String, String> headers(GcsObject object) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Content-Type", object.attributes().contentType());
        headers.put("ETag", GcsJson.etag(object));
        headers.put("X-Goog-Generation", Long.toString(object.generation()));
        headers.put("X-Goog-Metageneration", Long.toString(object.metageneration()));
        String crc32c = "crc32c=" + object.content().crc32c();
        headers.put(
                "X-Goog-Hash",
                object.content().md5().map(md5 -> crc32c + ",md5=" + md5).orElse(crc32c));
        headers.put("X-Goog-Storage-Class", "STANDARD");
        headers.put("X-Goog-Stored-Content-Length", Integer.toString(object.size()));
        headers.put("X-Goog-Stored-Content-Encoding", "identity");
        return headers;
    }
}
