package io.flinkmanaged.testkit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.testkit.HttpFault.Effect;
import io.flinkmanaged.testkit.HttpFault.Play;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The front of an embedded server: takes each request into memory, logs it, lets the faults have it, and sends the answer.
 *
 * @param <R> the server's requests
 * @param <F> the server's faults
 */
final class HttpFront<R, F extends HttpFault<R, F>> {

    private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "transfer-encoding", "content-length");

    private final Server<R> server;
    private final TimeSource time;
    private final List<ActiveFault<F>> faults = new CopyOnWriteArrayList<>();
    private final List<R> log = new ArrayList<>();

    HttpFront(Server<R> server, TimeSource time) {
        this.server = server;
        this.time = time;
    }

    /**
     * Listens on a free port of the loopback address, with daemon threads.
     *
     * @param running takes what must be stopped
     * @return the port
     */
    int listen(String threadName, TearDown running) throws IOException {
        // The JDK's server otherwise holds back the second packet of each answer for 40 ms. Read once a JVM.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        running.add(threads::shutdownNow);
        running.add(() -> http.stop(0));
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
        return http.getAddress().getPort();
    }

    void inject(F fault) {
        faults.add(new ActiveFault<>(fault, new AtomicInteger(fault.times())));
    }

    void heal() {
        faults.clear();
    }

    List<R> requests() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    void forgetRequests() {
        synchronized (log) {
            log.clear();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            R request = server.requestOf(exchange, body);
            synchronized (log) {
                log.add(request);
            }
            Optional<Play> fault = suffered(request);
            Optional<Effect> effect = fault.map(Play::effect);
            if (effect.equals(Optional.of(Effect.DELAY))) {
                await(fault.orElseThrow().delay());
            }
            if (effect.equals(Optional.of(Effect.RESET))) {
                return;
            }
            HttpAnswer answer = effect.equals(Optional.of(Effect.REJECT))
                    ? server.refusal(fault.orElseThrow())
                    : server.answer(exchange, body);
            if (!effect.equals(Optional.of(Effect.LOSE_ANSWER))) {
                send(exchange, answer, effect);
            }
        }
    }

    /** The first fault that concerns the request and has not ended. */
    private Optional<Play> suffered(R request) {
        return faults.stream()
                .filter(active -> active.fault().concerns(request)
                        && active.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0)
                .map(active -> active.fault().play())
                .findFirst();
    }

    private static void send(HttpExchange exchange, HttpAnswer whole, Optional<Effect> effect) throws IOException {
        HttpAnswer answer = effect.equals(Optional.of(Effect.CORRUPT)) ? whole.corrupted() : whole;
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
            out.write(answer.body(), 0, effect.equals(Optional.of(Effect.TRUNCATE)) ? length / 2 : length);
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

    /** What stands behind a front. Called on the front's threads. */
    interface Server<R> {

        /** Reads a request for the log and the faults. */
        R requestOf(HttpExchange exchange, byte[] body);

        /** Carries out a request. */
        HttpAnswer answer(HttpExchange exchange, byte[] body);

        /** Refuses a request as a fault wants it, in the server's own words. */
        HttpAnswer refusal(Play fault);
    }

    private record ActiveFault<F>(F fault, AtomicInteger left) {}
}
