package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.flinkmanaged.model.TimeSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the S3 server: logs each request, lets the faults have it, and hands it on as it is, since its signature
 * covers the {@code Host} header.
 */
final class S3Front {

    private static final String TOKEN = "x-amz-security-token";
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "transfer-encoding", "content-length", "expect", "date");

    private final int port;
    private final String region;
    private final TimeSource time;
    private final List<ActiveFault> faults = new CopyOnWriteArrayList<>();
    private final List<S3Request> log = new ArrayList<>();
    private final ReadWriteLock turns = new ReentrantReadWriteLock();
    private final S3Sessions sessions;
    private final EmbeddedSts sts;
    private volatile S3BucketSettings settings = S3BucketSettings.UNKNOWN;

    S3Front(int port, String region, TimeSource time, S3Sessions sessions, EmbeddedSts sts) {
        this.port = port;
        this.region = region;
        this.time = time;
        this.sessions = sessions;
        this.sts = sts;
    }

    void set(S3BucketSettings told) {
        settings = told;
    }

    void inject(S3Fault fault) {
        faults.add(new ActiveFault(fault, new AtomicInteger(fault.times())));
    }

    void heal() {
        faults.clear();
    }

    List<S3Request> requests() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    void forgetRequests() {
        synchronized (log) {
            log.clear();
        }
    }

    void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Optional<HttpAnswer> ofSts = sts.answer(exchange, body);
            if (ofSts.isPresent()) {
                send(exchange, ofSts.get(), false);
                return;
            }
            S3Request request = requestOf(exchange, body.length);
            synchronized (log) {
                log.add(request);
            }
            Optional<S3Fault> fault = suffered(request);
            S3Fault.Effect effect = fault.map(S3Fault::effect).orElse(null);
            if (effect == S3Fault.Effect.DELAY) {
                await(fault.orElseThrow().delay());
            }
            if (effect == S3Fault.Effect.RESET) {
                return;
            }
            HttpAnswer answer = effect == S3Fault.Effect.REJECT
                    ? fault.orElseThrow().answer()
                    : wrongRegion(exchange)
                            .or(() -> wrongToken(exchange))
                            .or(() -> settings.answer(request))
                            .orElseGet(() -> forward(exchange, body));
            if (effect != S3Fault.Effect.LOSE_ANSWER) {
                send(
                        exchange,
                        effect == S3Fault.Effect.CORRUPT ? answer.corrupted() : answer,
                        effect == S3Fault.Effect.TRUNCATE);
            }
        }
    }

    /** The first fault that concerns the request and has not ended. */
    private Optional<S3Fault> suffered(S3Request request) {
        return faults.stream()
                .filter(active -> active.fault().concerns(request)
                        && active.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0)
                .map(ActiveFault::fault)
                .findFirst();
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
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        return head.append("Content-Length: ").append(length).append("\r\n\r\n").toString();
    }

    private static void send(HttpExchange exchange, HttpAnswer answer, boolean truncated) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        Headers headers = exchange.getResponseHeaders();
        for (Map.Entry<String, String> header : answer.headers()) {
            boolean lengthOfHead = head && header.getKey().equalsIgnoreCase("content-length");
            if (lengthOfHead || !OF_THE_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                headers.add(header.getKey(), header.getValue());
            }
        }
        int length = head ? 0 : answer.body().length;
        exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
        if (length > 0) {
            OutputStream out = exchange.getResponseBody();
            out.write(answer.body(), 0, truncated ? length / 2 : length);
            out.flush();
        }
    }

    private void await(Duration delay) {
        CountDownLatch over = new CountDownLatch(1);
        TimeSource.Cancellable waiting = time.delay(delay, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            waiting.cancel();
            Thread.currentThread().interrupt();
        }
    }

    private static S3Request requestOf(HttpExchange exchange, long bytes) {
        Headers headers = exchange.getRequestHeaders();
        return S3Request.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query(exchange.getRequestURI().getRawQuery()),
                "*".equals(headers.getFirst("If-None-Match")),
                bytes,
                SignatureV4.of(exchange).map(SignatureV4::accessKey).orElse(""),
                ofAmazon(headers));
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

    static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String parameter : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            query.put(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
        }
        return query;
    }

    private record ActiveFault(S3Fault fault, AtomicInteger left) {}
}
