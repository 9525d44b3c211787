package io.flinkmanaged.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** Something that goes wrong with chosen requests to an {@link EmbeddedGcs}. */
public final class GcsFault extends HttpFault<GcsRequest, GcsFault> {

    private GcsFault(Play play, Predicate<GcsRequest> victims, int times) {
        super(play, victims, times);
    }

    /**
     * Refuses a request, which is not carried out.
     *
     * @param status the HTTP status, such as 403 or 503
     * @param reason Google's word for it, such as {@code forbidden} or {@code backendError}
     */
    public static GcsFault reject(int status, String reason) {
        return of(Play.reject(status, reason, Map.of()));
    }

    /**
     * Lets a request wait before it is carried out.
     *
     * @param delay how long
     */
    public static GcsFault delay(Duration delay) {
        return of(Play.delay(delay));
    }

    /** Closes the connection without an answer; the request is not carried out. */
    public static GcsFault reset() {
        return of(Play.of(Effect.RESET));
    }

    /** Carries out the request, and closes the connection without an answer. */
    public static GcsFault loseAnswer() {
        return of(Play.of(Effect.LOSE_ANSWER));
    }

    /** Closes the connection in the middle of the answer's body. */
    public static GcsFault truncate() {
        return of(Play.of(Effect.TRUNCATE));
    }

    /** Changes a bit of the answer's body. */
    public static GcsFault corrupt() {
        return of(Play.of(Effect.CORRUPT));
    }

    /**
     * Chooses requests by what they ask for.
     *
     * @param operation what
     * @return the narrower fault
     */
    public GcsFault on(GcsOperation operation) {
        return on(request -> request.is(operation));
    }

    private static GcsFault of(Play play) {
        return new GcsFault(play, any -> true, Integer.MAX_VALUE);
    }

    @Override
    GcsFault with(Play other, Predicate<GcsRequest> chosen, int count) {
        return new GcsFault(other, chosen, count);
    }
}
