package io.flinkmanaged.gcp;

import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StorageException;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Requests to GCS's JSON interface, on the JDK's client. Sends again, with growing pauses, what failed for the network's or
 * the server's sake: every request here may be sent twice. Thread-safe.
 */
final class GcsClient {

    private static final BackOff PAUSES = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(8));
    /** A large object may take longer than the first byte of its answer. */
    private static final int WHOLE_ANSWER = 10;

    private final GcsSettings gcs;
    private final GcsTokens tokens;
    private final TimeSource time;
    private final Patience patience;
    private final HttpClient http;
    private final GcsRefusal refusal;

    /**
     * Creates a client.
     *
     * @param time for the pauses, and whose threads the client uses; the caller closes it
     */
    GcsClient(GcsSettings gcs, GcsTokens tokens, TimeSource time, Patience patience) {
        this.gcs = gcs;
        this.tokens = tokens;
        this.time = time;
        this.patience = patience;
        this.refusal = new GcsRefusal(gcs);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience.connecting())
                .executor(time.blocking());
        Optional.ofNullable(ProxySelector.getDefault()).ifPresent(builder::proxy);
        this.http = builder.build();
    }

    /** Begins a request for something of the bucket, such as {@code /o/key}. */
    HttpRequest.Builder request(String root, String path, String query) {
        String bucket = "/storage/v1/b/" + encode(gcs.bucket());
        return HttpRequest.newBuilder(URI.create(gcs.server() + root + bucket + path + query))
                .timeout(patience.answering());
    }

    /** Begins a request that is about many objects. */
    HttpRequest.Builder batch() {
        return HttpRequest.newBuilder(URI.create(gcs.server() + "/batch/storage/v1"))
                .timeout(patience.answering());
    }

    /** Returns the path of an object, in a batch. */
    String pathOf(String key) {
        return "/storage/v1/b/" + encode(gcs.bucket()) + "/o/" + encode(key);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Sends a request until it is answered for good.
     *
     * @param key the object's, or the prefix of several, for messages
     * @param request makes it anew for each try
     * @return an answer; a refusal, too
     */
    GcsAnswer send(GcsAction action, String key, Supplier<HttpRequest.Builder> request) {
        for (int tries = 1; true; tries++) {
            try {
                GcsAnswer answer = sendOnce(request.get());
                if (!answer.isPassing() || tries > patience.retries()) {
                    return answer;
                }
            } catch (IOException e) {
                if (tries > patience.retries() || GcsRefusal.isOfCredentials(e)) {
                    throw refusal.of(action, key, e);
                }
            }
            pause(action, key, tries);
        }
    }

    /** Sends a request, and throws if it is refused. */
    GcsAnswer require(GcsAction action, String key, Supplier<HttpRequest.Builder> request) {
        GcsAnswer answer = send(action, key, request);
        if (!answer.isSuccess()) {
            throw refusal.of(action, key, answer);
        }
        return answer;
    }

    StorageException refuse(GcsAction action, String key, GcsAnswer answer) {
        return refusal.of(action, key, answer);
    }

    int retries() {
        return patience.retries();
    }

    private GcsAnswer sendOnce(HttpRequest.Builder request) throws IOException {
        tokens.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token));
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request.build(), BodyHandlers.ofByteArray());
        try {
            Duration whole = patience.answering().multipliedBy(WHOLE_ANSWER);
            return GcsAnswer.of(answer.get(whole.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw new IOException("The answer did not end.", e);
        } catch (ExecutionException e) {
            Throwable failure = Failures.unwrap(e);
            throw failure instanceof IOException broken ? broken : new IOException(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(request.build().uri().getPath(), e);
        } finally {
            boolean unused = answer.cancel(true);
        }
    }

    private void pause(GcsAction action, String key, int failures) {
        CountDownLatch over = new CountDownLatch(1);
        TimeSource.Cancellable timer = time.delay(PAUSES.after(failures), over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            timer.cancel();
            Thread.currentThread().interrupt();
            throw interrupted(action.verb() + " " + key, e);
        }
    }

    private static StorageException interrupted(String what, InterruptedException e) {
        return new StorageException(what + ": interrupted (expected: time to finish). Ask again.", e);
    }

    /** How long to wait and how often to try again. */
    record Patience(Duration connecting, Duration answering, int retries) {}
}
