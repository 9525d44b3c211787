package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.flinkmanaged.testkit.HttpFault.Play;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Stands before S3Proxy and hands each request on as it is, since its signature covers the {@code Host} header; answers by
 * itself what that one does not know.
 */
final class S3Forwarding implements HttpFront.Server<S3Request> {

    private static final String TOKEN = "x-amz-security-token";

    private final int port;
    private final String region;
    private final ReadWriteLock turns = new ReentrantReadWriteLock();
    private final S3Sessions sessions;
    private final EmbeddedSts sts;
    private volatile S3BucketSettings settings = S3BucketSettings.UNKNOWN;

    S3Forwarding(int port, String region, S3Sessions sessions, EmbeddedSts sts) {
        this.port = port;
        this.region = region;
        this.sessions = sessions;
        this.sts = sts;
    }

    void set(S3BucketSettings told) {
        settings = told;
    }

    @Override
    public S3Request requestOf(HttpExchange exchange, byte[] body) {
        Headers headers = exchange.getRequestHeaders();
        return S3Request.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                HttpQuery.parse(exchange.getRequestURI().getRawQuery()),
                "*".equals(headers.getFirst("If-None-Match")),
                body.length,
                SignatureV4.of(exchange).map(SignatureV4::accessKey).orElse(""),
                ofAmazon(headers));
    }

    @Override
    public Optional<HttpAnswer> aside(HttpExchange exchange, byte[] body) {
        return sts.answer(exchange, body);
    }

    @Override
    public HttpAnswer answer(HttpExchange exchange, S3Request request, byte[] body) {
        return wrongRegion(exchange)
                .or(() -> wrongToken(exchange))
                .or(() -> settings.answer(request))
                .orElseGet(() -> forward(exchange, body));
    }

    @Override
    public HttpAnswer refusal(Play fault) {
        return HttpAnswer.error(fault.status(), fault.word(), "injected by a test", fault.headers());
    }

    /** AWS refuses a signature for another region; s3proxy takes any. */
    private Optional<HttpAnswer> wrongRegion(HttpExchange exchange) {
        return SignatureV4.of(exchange)
                .map(SignatureV4::region)
                .filter(signed -> !signed.equals(region))
                .map(signed -> HttpAnswer.error(
                        400,
                        "AuthorizationHeaderMalformed",
                        "The authorization header is malformed; the region '" + signed + "' is wrong; expecting '"
                                + region + "'",
                        Map.of("x-amz-bucket-region", region)));
    }

    private Optional<HttpAnswer> wrongToken(HttpExchange exchange) {
        Optional<String> token =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst(TOKEN));
        return SignatureV4.of(exchange).flatMap(signed -> sessions.refuse(signed.accessKey(), token));
    }

    /** S3 replaces an object at once; the server behind refuses whoever reads one that is being replaced. */
    private HttpAnswer forward(HttpExchange exchange, byte[] body) {
        boolean reads = Set.of("GET", "HEAD").contains(exchange.getRequestMethod());
        Lock turn = reads ? turns.readLock() : turns.writeLock();
        turn.lock();
        try {
            return answerOf(exchange, body);
        } finally {
            turn.unlock();
        }
    }

    private HttpAnswer answerOf(HttpExchange exchange, byte[] body) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            out.write(head(exchange, body.length).getBytes(ISO_8859_1));
            out.write(body);
            out.flush();
            return HttpAnswer.read(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            return HttpAnswer.error(500, "InternalError", "the server behind did not answer: " + e, Map.of());
        }
    }

    private static String head(HttpExchange exchange, int length) {
        StringBuilder head = new StringBuilder(exchange.getRequestMethod())
                .append(' ')
                .append(exchange.getRequestURI())
                .append(" HTTP/1.0\r\n");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HttpFront.OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        return head.append("Content-Length: ").append(length).append("\r\n\r\n").toString();
    }

    private static Map<String, String> ofAmazon(Headers headers) {
        Map<String, String> ofAmazon = new HashMap<>();
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-amz-") && !lower.equals(TOKEN)) {
                ofAmazon.put(lower, String.join(",", values));
            }
        });
        return ofAmazon;
    }
}
