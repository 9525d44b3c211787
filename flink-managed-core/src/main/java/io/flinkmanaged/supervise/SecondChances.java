package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.util.Optional;

/**
 * A policy by which jobs that Flink has given up are begun again.
 *
 * @param policy decides all else, and is asked first
 * @param atMost how often a job is begun again within the time
 * @param within the time
 * @param pause after which it is
 */
record SecondChances(FailoverPolicy policy, int atMost, Duration within, Duration pause) implements FailoverPolicy {

    private static final int MOST = 99;
    private static final Duration LONGEST = Duration.ofHours(1);

    SecondChances {
        boolean times = atMost >= 1 && atMost <= MOST;
        boolean time = within.compareTo(Duration.ZERO) > 0 && within.compareTo(LONGEST) <= 0;
        boolean pauses = !pause.isNegative() && pause.compareTo(LONGEST) <= 0;
        if (!times || !time || !pauses) {
            throw InvalidInputException.of(
                    "failed jobs, begun again",
                    atMost + " times in " + within + " after " + pause,
                    "1.." + MOST + " times, in an hour at most, after an hour at most",
                    "Flink restarts a job by itself before it gives it up: the spec's restart strategy says how often.");
        }
    }

    @Override
    public Decision decide(Situation situation) {
        return policy.decide(situation);
    }

    @Override
    public Optional<Duration> beginAgainAfter(FailedJob failed) {
        return policy.beginAgainAfter(failed)
                .or(() -> failed.failuresWithin(within) <= atMost ? Optional.of(pause) : Optional.empty());
    }
}
