package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a body of several parts (RFC 2046) to pieces. */
final class GcsMultipart {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);

    private GcsMultipart() {}

    static List<Part> parts(GcsCall call) {
        Matcher boundary = BOUNDARY.matcher(call.header("content-type").orElse(""));
        if (!boundary.find()) {
            throw new GcsRefusal(400, "badContent", "Missing boundary.");
        }
        byte[] body = Bytes.concatenated("\r\n".getBytes(ISO_8859_1), call.inflatedBody());
        byte[] delimiter = ("\r\n--" + boundary.group(1)).getBytes(ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        int begin = Bytes.indexOf(body, delimiter, 0);
        while (begin >= 0) {
            int from = begin + delimiter.length;
            int end = Bytes.indexOf(body, delimiter, from);
            if (end < 0) {
                break;
            }
            parts.add(Part.read(Arrays.copyOfRange(body, from, end)));
            begin = end;
        }
        return parts;
    }

    /** A part, or a request within one. */
    static final class Part {

        private final String firstLine;
        private final Map<String, String> headers;
        private final byte[] body;

        private Part(String firstLine, Map<String, String> headers, byte[] body) {
            this.firstLine = firstLine;
            this.headers = headers;
            this.body = body;
        }

        /** Reads headers up to an empty line, and the rest. What is before a first colon is a request's first line. */
        static Part read(byte[] bytes) {
            int end = Bytes.indexOf(bytes, END_OF_HEAD, 0);
            int length = end < 0 ? bytes.length : end;
            String firstLine = "";
            Map<String, String> headers = new HashMap<>();
            for (String line : new String(bytes, 0, length, ISO_8859_1).split("\r\n", -1)) {
                if (line.endsWith(" HTTP/1.1") || line.endsWith(" HTTP/1.0")) {
                    firstLine = line;
                } else if (line.contains(":")) {
                    String[] header = line.split(":", 2);
                    headers.put(header[0].strip().toLowerCase(Locale.ROOT), header[1].strip());
                }
            }
            byte[] body = end < 0 ? new byte[0] : Arrays.copyOfRange(bytes, end + END_OF_HEAD.length, bytes.length);
            return new Part(firstLine, headers, body);
        }

        /** Returns the first line of a request; empty for a part. */
        String firstLine() {
            return firstLine;
        }

        /** Returns the headers by their names in lower case. */
        Map<String, String> headers() {
            return headers;
        }

        byte[] body() {
            return body;
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }
}
