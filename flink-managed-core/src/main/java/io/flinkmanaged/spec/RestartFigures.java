package io.flinkmanaged.spec;

import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The figures of the default restart strategy: see {@code docs/decisions/0020-restart-figures.md}.
 *
 * <p>A region that fails at once fails at most once a delay. It is carried for {@link #CARRIED}: Flink's heartbeat time-out
 * (50 s by default), in which each restart goes to the dead slots, and five minutes of a storage that cannot be read, with
 * something to spare. Each slot may hold a region of its own, hence the factor. A job that fails for ever, at once, is given
 * up when it has used this up; the interval is long enough for a single such task in a cluster that is otherwise empty.
 */
final class RestartFigures {

    static final Duration SHORTEST_DELAY = Duration.ofMillis(50);
    static final Duration CARRIED = Duration.ofSeconds(400);
    /** Flink allots an array of this length for each job before the first failure: 4 MiB. */
    static final int MOST_FAILURES = 1_000_000;

    private RestartFigures() {}

    static RestartStrategy.FailureRate forSlots(int slots) {
        if (slots < 1) {
            throw InvalidInputException.of("slots", slots, "1 or more", "Name the slots of the whole cluster.");
        }
        Duration carried = CARRIED.multipliedBy(slots);
        Duration delay = Collections.max(List.of(SHORTEST_DELAY, millisUp(carried, MOST_FAILURES)));
        int failures = Math.toIntExact(carried.dividedBy(delay));
        // A restart takes about as long again as the shortest delay (measured), so a task that fails at once needs
        // twice
        // the time that its failures are carried for; thrice leaves room.
        return new RestartStrategy.FailureRate(failures, carried.multipliedBy(3), delay);
    }

    private static Duration millisUp(Duration whole, int parts) {
        return Duration.ofMillis((whole.toMillis() + parts - 1) / parts);
    }
}
