package io.flinkmanaged.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Something that goes wrong with chosen requests to an {@link EmbeddedS3}. A value: each {@code on} and {@code first}
 * returns another one.
 */
public final class S3Fault {

    /** What becomes of a request. */
    enum Effect {
        REJECT,
        DELAY,
        RESET,
        LOSE_ANSWER,
        TRUNCATE,
        CORRUPT
    }

    private final Effect effect;
    private final int status;
    private final String code;
    private final Map<String, String> headers;
    private final Duration delay;
    private final Predicate<S3Request> victims;
    private final int times;

    private S3Fault(
            Effect effect,
            int status,
            String code,
            Map<String, String> headers,
            Duration delay,
            Predicate<S3Request> victims,
            int times) {
        this.effect = effect;
        this.status = status;
        this.code = code;
        this.headers = Map.copyOf(headers);
        this.delay = delay;
        this.victims = victims;
        this.times = times;
    }

    /**
     * Refuses a request, which is not carried out.
     *
     * @param status the HTTP status, such as 403 or 503
     * @param code S3's word for it, such as {@code AccessDenied} or {@code SlowDown}
     */
    public static S3Fault reject(int status, String code) {
        return reject(status, code, Map.of());
    }

    /**
     * Refuses a request, which is not carried out.
     *
     * @param status the HTTP status
     * @param code S3's word for it, such as {@code PermanentRedirect}
     * @param headers further headers of the answer, such as {@code x-amz-bucket-region}
     */
    public static S3Fault reject(int status, String code, Map<String, String> headers) {
        return of(Effect.REJECT, status, code, headers, Duration.ZERO);
    }

    /**
     * Lets a request wait before it is carried out.
     *
     * @param delay how long
     */
    public static S3Fault delay(Duration delay) {
        return of(Effect.DELAY, 0, "", Map.of(), delay);
    }

    /** Closes the connection without an answer; the request is not carried out. */
    public static S3Fault reset() {
        return of(Effect.RESET, 0, "", Map.of(), Duration.ZERO);
    }

    /** Carries out the request, and closes the connection without an answer. */
    public static S3Fault loseAnswer() {
        return of(Effect.LOSE_ANSWER, 0, "", Map.of(), Duration.ZERO);
    }

    /** Closes the connection in the middle of the answer's body. */
    public static S3Fault truncate() {
        return of(Effect.TRUNCATE, 0, "", Map.of(), Duration.ZERO);
    }

    /** Changes a byte of the answer's body. */
    public static S3Fault corrupt() {
        return of(Effect.CORRUPT, 0, "", Map.of(), Duration.ZERO);
    }

    /**
     * Chooses the requests; all, unless this is called.
     *
     * @param chosen called on the server's threads; must not block
     * @return the narrower fault
     */
    public S3Fault on(Predicate<S3Request> chosen) {
        return new S3Fault(effect, status, code, headers, delay, chosen, times);
    }

    /**
     * Chooses requests by what they ask for.
     *
     * @param operation what
     * @return the narrower fault
     */
    public S3Fault on(S3Operation operation) {
        return on(request -> request.is(operation));
    }

    /**
     * Ends the fault after some requests; never, unless this is called.
     *
     * @param count how many of the chosen requests suffer it
     * @return the fault that ends
     */
    public S3Fault first(int count) {
        return new S3Fault(effect, status, code, headers, delay, victims, count);
    }

    private static S3Fault of(Effect effect, int status, String code, Map<String, String> headers, Duration delay) {
        return new S3Fault(effect, status, code, headers, delay, any -> true, Integer.MAX_VALUE);
    }

    Effect effect() {
        return effect;
    }

    Duration delay() {
        return delay;
    }

    boolean concerns(S3Request request) {
        return victims.test(request);
    }

    int times() {
        return times;
    }

    /** The answer in the place of the real one. */
    HttpAnswer answer() {
        return HttpAnswer.error(status, code, "injected by a test", headers);
    }
}
