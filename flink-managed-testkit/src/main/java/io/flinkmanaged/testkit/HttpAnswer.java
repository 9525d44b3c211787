package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An answer of an HTTP server, held in memory. */
final class HttpAnswer {

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;

    private HttpAnswer(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** An error as S3 tells it. */
    static HttpAnswer error(int status, String code, String message, Map<String, String> headers) {
        HttpAnswer answer = xml(
                status,
                "<Error><Code>" + code + "</Code><Message>" + message
                        + "</Message><RequestId>EMBEDDED</RequestId></Error>");
        answer.headers.addAll(headers.entrySet());
        return answer;
    }

    /** A document. */
    static HttpAnswer xml(int status, String document) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("Content-Type", "application/xml"));
        String text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + document;
        return new HttpAnswer(status, headers, text.getBytes(UTF_8));
    }

    /** An answer with these headers, and a body that may be empty. */
    static HttpAnswer of(int status, Map<String, String> headers, byte[] body) {
        return new HttpAnswer(status, List.copyOf(headers.entrySet()), body);
    }

    /** Reads an answer of HTTP/1.0: its end is the end of the connection. */
    static HttpAnswer read(InputStream in) throws IOException {
        String[] statusLine = line(in).split(" ", 3);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new HttpAnswer(Integer.parseInt(statusLine[1]), headers, in.readAllBytes());
    }

    int status() {
        return status;
    }

    List<Map.Entry<String, String>> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    /** Returns this with one bit of the body changed. */
    HttpAnswer corrupted() {
        byte[] other = body.clone();
        if (other.length > 0) {
            other[other.length / 2] ^= 1;
        }
        return new HttpAnswer(status, headers, other);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended within the headers");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
