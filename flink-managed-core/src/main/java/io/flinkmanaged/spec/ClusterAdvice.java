package io.flinkmanaged.spec;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.RestartStrategy.ExponentialDelay;
import io.flinkmanaged.spec.RestartStrategy.FailureRate;
import io.flinkmanaged.spec.RestartStrategy.FixedDelay;
import java.time.Duration;
import java.util.List;

/**
 * What of a spec is allowed and will be regretted.
 *
 * <p>Judged is the loss of one TaskManager that only the heartbeat notices, of a job with an unconnected task in each of its
 * slots: until the time-out, each restart goes to the dead slots, and each task counts as a failure of its own.
 */
public final class ClusterAdvice {

    private static final String HEARTBEAT = "heartbeat.timeout";
    private static final Duration FLINKS_HEARTBEAT = Duration.ofSeconds(50);
    /** No restart comes back sooner, whatever the delay. */
    private static final Duration QUICKEST_ROUND = Duration.ofMillis(10);

    private ClusterAdvice() {}

    /**
     * Returns what to reconsider.
     *
     * @param spec a spec that can be launched
     * @return empty if nothing is
     */
    public static List<Finding> of(ClusterSpec spec) {
        RestartStrategy strategy = spec.restartStrategy();
        Duration unnoticed = heartbeatTimeout(spec);
        return carries(strategy, unnoticed, spec.taskSlots())
                ? List.of()
                : List.of(new Finding(
                                "restartStrategy",
                                strategy.givesUp(),
                                "to outlast the loss of a TaskManager, which may stay unnoticed for "
                                        + Texts.of(unnoticed)
                                        + " ("
                                        + HEARTBEAT + ") while each of its " + spec.taskSlots()
                                        + " slots may fail again with every restart",
                                "Leave it out, or use " + remedy(spec) + ".")
                        .asAdvice());
    }

    /** Returns whether a strategy outlasts a TaskManager that is dead for so long. */
    static boolean carries(RestartStrategy strategy, Duration unnoticed, int slots) {
        if (strategy instanceof FailureRate rate) {
            boolean forgets = rate.interval().compareTo(unnoticed) < 0;
            return rate.failures() >= failures(forgets ? rate.interval() : unnoticed, rate.delay(), slots);
        }
        if (strategy instanceof FixedDelay fixed) {
            return fixed.attempts() >= failures(unnoticed, fixed.delay(), slots);
        }
        // Of exponential delay, failures while a restart is pending are one. Who chooses none, wants none.
        return !(strategy instanceof ExponentialDelay delay) || delay.attempts() >= rounds(delay, unnoticed);
    }

    private static long failures(Duration unnoticed, Duration delay, int slots) {
        Duration round = delay.compareTo(QUICKEST_ROUND) < 0 ? QUICKEST_ROUND : delay;
        return Math.multiplyExact(1 + unnoticed.dividedBy(round), slots);
    }

    private static long rounds(ExponentialDelay strategy, Duration unnoticed) {
        double atMost = strategy.maximumDelay().toNanos();
        double delay = strategy.initialDelay().toNanos();
        double left = unnoticed.toNanos();
        long rounds = 1;
        while (left > 0 && delay < atMost) {
            left -= delay;
            delay *= strategy.multiplier();
            rounds++;
        }
        return left > 0 ? rounds + (long) Math.ceil(left / atMost) : rounds;
    }

    private static String remedy(ClusterSpec spec) {
        return "RestartStrategy.forSlots(" + spec.slotsOfCluster() + ") or RestartStrategy.exponentialDelay()";
    }

    private static Duration heartbeatTimeout(ClusterSpec spec) {
        String overridden = spec.overrides().get(HEARTBEAT);
        return overridden == null ? FLINKS_HEARTBEAT : Texts.duration(overridden);
    }
}
