package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;

/**
 * A policy by which jobs that Flink has given up are begun again.
 *
 * @param policy decides all else
 * @param atMost how often a job is begun again within the time
 * @param within the time
 */
record SecondChances(FailoverPolicy policy, int atMost, Duration within) implements FailoverPolicy {

    private static final int MOST = 99;
    private static final Duration LONGEST = Duration.ofHours(1);

    SecondChances {
        if (atMost < 1 || atMost > MOST || within.compareTo(Duration.ZERO) <= 0 || within.compareTo(LONGEST) > 0) {
            throw InvalidInputException.of(
                    "failed jobs, begun again",
                    atMost + " times in " + within,
                    "1.." + MOST + " times, in an hour at most",
                    "Flink restarts a job by itself before it gives it up: the spec's restart strategy says how often.");
        }
    }

    @Override
    public Decision decide(Situation situation) {
        return policy.decide(situation);
    }

    @Override
    public boolean beginsAgain(FailedJob failed) {
        return failed.failuresWithin(within) <= atMost;
    }
}
