package io.flinkmanaged.render;

import static io.flinkmanaged.config.Layer.LIBRARY;
import static io.flinkmanaged.config.Layer.SPEC;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_JITTER_FACTOR;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_DELAY;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_FAILURE_RATE_INTERVAL;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.RestartStrategy;
import io.flinkmanaged.spec.RestartStrategy.ExponentialDelay;
import io.flinkmanaged.spec.RestartStrategy.FailureRate;
import io.flinkmanaged.spec.RestartStrategy.FixedDelay;
import org.apache.flink.configuration.ConfigOption;

/** A restart strategy as Flink's keys, every figure of it written out. */
final class RestartSettings {

    private final LayeredConfiguration.Builder configuration;
    private final Layer layer;
    private final String reason;

    private RestartSettings(LayeredConfiguration.Builder configuration, ClusterSpec spec) {
        this.configuration = configuration;
        boolean chosen = spec.chosenRestartStrategy().isPresent();
        layer = chosen ? SPEC : LIBRARY;
        reason = (chosen
                        ? "ClusterSpec.restartStrategy: "
                        : "carries a job over a lost TaskManager and a lost storage: ")
                + spec.restartStrategy().givesUp();
    }

    static void addTo(LayeredConfiguration.Builder configuration, ClusterSpec spec) {
        new RestartSettings(configuration, spec).add(spec.restartStrategy());
    }

    private void add(RestartStrategy strategy) {
        if (strategy instanceof FailureRate rate) {
            set(RESTART_STRATEGY, "failure-rate");
            set(RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL, rate.failures());
            set(RESTART_STRATEGY_FAILURE_RATE_FAILURE_RATE_INTERVAL, rate.interval());
            set(RESTART_STRATEGY_FAILURE_RATE_DELAY, rate.delay());
        } else if (strategy instanceof ExponentialDelay delay) {
            set(RESTART_STRATEGY, "exponential-delay");
            set(RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, delay.initialDelay());
            set(RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, delay.maximumDelay());
            set(RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, delay.multiplier());
            set(RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD, delay.resetAfter());
            set(RESTART_STRATEGY_EXPONENTIAL_DELAY_JITTER_FACTOR, delay.jitter());
            set(RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, delay.attempts());
        } else if (strategy instanceof FixedDelay delay) {
            set(RESTART_STRATEGY, "fixed-delay");
            set(RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, delay.attempts());
            set(RESTART_STRATEGY_FIXED_DELAY_DELAY, delay.delay());
        } else {
            set(RESTART_STRATEGY, "none");
        }
    }

    private <T> void set(ConfigOption<T> option, T value) {
        LayeredConfiguration.Builder unused = configuration.set(layer, option, value, reason);
    }
}
