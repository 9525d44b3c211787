package io.flinkmanaged.spec;

import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;

/**
 * When Flink restarts a job that failed, and when it gives the job up.
 *
 * <p>Flink counts every failed <em>region</em>: in a job of eight unconnected tasks, one lost TaskManager is up to eight
 * failures, and until Flink notices the loss every restart onto its slots is eight more. The figures of {@link
 * #forSlots} are made for that. What a job sets in its own configuration wins.
 */
public sealed interface RestartStrategy {

    /** Returns when a job is given up, as a sentence for people. */
    String givesUp();

    /**
     * Returns the failure rate that a cluster has by default: see {@code docs/decisions/0020-restart-figures.md}.
     *
     * @param slots of the whole cluster; 1 or more
     */
    static FailureRate forSlots(int slots) {
        return RestartFigures.forSlots(slots);
    }

    /**
     * Restarts a job until it fails too often.
     *
     * @param failures how many failures of a job are carried within the interval; 1 or more
     * @param interval how long a failure counts
     * @param delay from a failure to the restart
     */
    static FailureRate failureRate(int failures, Duration interval, Duration delay) {
        return new FailureRate(failures, interval, delay);
    }

    /**
     * Restarts a job for ever, ever more slowly: from a tenth of a second, doubling up to half a minute. A minute without
     * a failure and the delay is short again; Flink's own hour would let every loss of a day cost more than the one before.
     */
    static ExponentialDelay exponentialDelay() {
        return new ExponentialDelay(
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                2,
                Duration.ofMinutes(1),
                0.1,
                ExponentialDelay.WITHOUT_END);
    }

    /**
     * Restarts a job a fixed number of times in its life. {@link ClusterAdvice} warns of figures that one lost TaskManager
     * uses up.
     *
     * @param attempts how many failures are carried; 1 or more
     * @param delay from a failure to the restart
     */
    static FixedDelay fixedDelay(int attempts, Duration delay) {
        return new FixedDelay(attempts, delay);
    }

    /** Never restarts a job: its first failure ends it. */
    static None none() {
        return new None();
    }

    /**
     * Restarts a job until it fails too often.
     *
     * @param failures how many failures of a job are carried within the interval; 1 or more
     * @param interval how long a failure counts; 1 ms or more
     * @param delay from a failure to the restart; not negative
     */
    record FailureRate(int failures, Duration interval, Duration delay) implements RestartStrategy {

        /** Refuses what Flink would refuse. */
        public FailureRate {
            atLeastOne("restart failures", failures);
            atLeast("restart interval", interval, Duration.ofMillis(1));
            atLeast("restart delay", delay, Duration.ZERO);
        }

        @Override
        public String givesUp() {
            return "gives up after more than " + failures + " failures within " + Texts.of(interval);
        }
    }

    /**
     * Restarts a job ever more slowly. Failures while a restart is pending count as one.
     *
     * @param initialDelay from the first failure to the restart; 1 ms or more
     * @param maximumDelay the longest delay; not below the first
     * @param multiplier by how much the delay grows with each failure; above 1
     * @param resetAfter how long a job must run for the delay to be the first again; 1 ms or more
     * @param jitter by what part of itself a delay varies, so that jobs do not restart all at once; 0..1
     * @param attempts how many restarts are tried before the delay is reset; {@link #WITHOUT_END} for any number
     */
    record ExponentialDelay(
            Duration initialDelay,
            Duration maximumDelay,
            double multiplier,
            Duration resetAfter,
            double jitter,
            int attempts)
            implements RestartStrategy {

        /** Any number of attempts. */
        public static final int WITHOUT_END = Integer.MAX_VALUE;

        /** Refuses what Flink would refuse. */
        public ExponentialDelay {
            atLeast("restart initial delay", initialDelay, Duration.ofMillis(1));
            atLeast("restart maximum delay", maximumDelay, initialDelay);
            atLeast("restart reset", resetAfter, Duration.ofMillis(1));
            atLeastOne("restart attempts", attempts);
            within("restart multiplier", multiplier, multiplier > 1 && multiplier <= 1e6, "above 1, up to 1000000");
            within("restart jitter", jitter, jitter >= 0 && jitter <= 1, "0..1");
        }

        @Override
        public String givesUp() {
            return attempts == WITHOUT_END
                    ? "never gives up; waits up to " + Texts.of(maximumDelay) + " between restarts"
                    : "gives up after more than " + attempts + " restarts without " + Texts.of(resetAfter)
                            + " free of failures";
        }

        /**
         * Returns a copy that gives up.
         *
         * @param attempts how many restarts are tried before the delay is reset; 1 or more
         */
        public ExponentialDelay attempts(int attempts) {
            return new ExponentialDelay(initialDelay, maximumDelay, multiplier, resetAfter, jitter, attempts);
        }
    }

    /**
     * Restarts a job a fixed number of times in its life.
     *
     * @param attempts how many failures are carried; 1 or more
     * @param delay from a failure to the restart; not negative
     */
    record FixedDelay(int attempts, Duration delay) implements RestartStrategy {

        /** Refuses what Flink would refuse. */
        public FixedDelay {
            atLeastOne("restart attempts", attempts);
            atLeast("restart delay", delay, Duration.ZERO);
        }

        @Override
        public String givesUp() {
            return "gives up after more than " + attempts + " failures, however far apart";
        }
    }

    /** Never restarts a job. */
    record None() implements RestartStrategy {

        @Override
        public String givesUp() {
            return "gives up after the first failure";
        }
    }

    private static void atLeastOne(String subject, int value) {
        within(subject, value, value >= 1, "1 or more");
    }

    private static void atLeast(String subject, Duration value, Duration least) {
        within(subject, Texts.of(value), value.compareTo(least) >= 0, Texts.of(least) + " or more");
        within(subject, value, value.compareTo(Texts.LONGEST) <= 0, Texts.of(Texts.LONGEST) + " or less");
    }

    private static void within(String subject, Object value, boolean holds, String expected) {
        if (!holds) {
            throw InvalidInputException.of(
                    subject, value, expected, "Leave the restart strategy out to have the library's figures.");
        }
    }
}
