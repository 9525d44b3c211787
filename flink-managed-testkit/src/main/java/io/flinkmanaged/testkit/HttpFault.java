package io.flinkmanaged.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Something that goes wrong with chosen requests to an embedded server. A value: each {@code on} and {@code first} returns
 * another one.
 *
 * @param <R> the server's requests
 * @param <F> the fault itself
 */
public abstract class HttpFault<R, F extends HttpFault<R, F>> {

    private final Play play;
    private final Predicate<R> victims;
    private final int times;

    HttpFault(Play play, Predicate<R> victims, int times) {
        this.play = play;
        this.victims = victims;
        this.times = times;
    }

    /**
     * Chooses the requests; all, unless this is called.
     *
     * @param chosen called on the server's threads; must not block
     * @return the narrower fault
     */
    public F on(Predicate<R> chosen) {
        return with(play, chosen, times);
    }

    /**
     * Ends the fault after some requests; never, unless this is called.
     *
     * @param count how many of the chosen requests suffer it
     * @return the fault that ends
     */
    public F first(int count) {
        return with(play, victims, count);
    }

    abstract F with(Play other, Predicate<R> chosen, int count);

    Play play() {
        return play;
    }

    boolean concerns(R request) {
        return victims.test(request);
    }

    int times() {
        return times;
    }

    /** What becomes of a request. */
    enum Effect {
        REJECT,
        DELAY,
        RESET,
        LOSE_ANSWER,
        TRUNCATE,
        CORRUPT
    }

    /**
     * What happens.
     *
     * @param effect what becomes of the request
     * @param status the HTTP status of a refusal
     * @param word the server's word for a refusal
     * @param headers further headers of a refusal
     * @param delay how long a request is held back
     */
    record Play(Effect effect, int status, String word, Map<String, String> headers, Duration delay) {

        Play {
            headers = Map.copyOf(headers);
        }

        static Play of(Effect effect) {
            return new Play(effect, 0, "", Map.of(), Duration.ZERO);
        }

        static Play reject(int status, String word, Map<String, String> headers) {
            return new Play(Effect.REJECT, status, word, headers, Duration.ZERO);
        }

        static Play delay(Duration delay) {
            return new Play(Effect.DELAY, 0, "", Map.of(), delay);
        }
    }
}
