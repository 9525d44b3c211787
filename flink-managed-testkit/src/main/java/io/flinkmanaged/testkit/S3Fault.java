package io.flinkmanaged.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** Something that goes wrong with chosen requests to an {@link EmbeddedS3}. */
public final class S3Fault extends HttpFault<S3Request, S3Fault> {

    private S3Fault(Play play, Predicate<S3Request> victims, int times) {
        super(play, victims, times);
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
        return of(Play.reject(status, code, headers));
    }

    /**
     * Lets a request wait before it is carried out.
     *
     * @param delay how long
     */
    public static S3Fault delay(Duration delay) {
        return of(Play.delay(delay));
    }

    /** Closes the connection without an answer; the request is not carried out. */
    public static S3Fault reset() {
        return of(Play.of(Effect.RESET));
    }

    /** Carries out the request, and closes the connection without an answer. */
    public static S3Fault loseAnswer() {
        return of(Play.of(Effect.LOSE_ANSWER));
    }

    /** Closes the connection in the middle of the answer's body. */
    public static S3Fault truncate() {
        return of(Play.of(Effect.TRUNCATE));
    }

    /** Changes a byte of the answer's body. */
    public static S3Fault corrupt() {
        return of(Play.of(Effect.CORRUPT));
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

    private static S3Fault of(Play play) {
        return new S3Fault(play, any -> true, Integer.MAX_VALUE);
    }

    @Override
    S3Fault with(Play other, Predicate<S3Request> chosen, int count) {
        return new S3Fault(other, chosen, count);
    }
}
