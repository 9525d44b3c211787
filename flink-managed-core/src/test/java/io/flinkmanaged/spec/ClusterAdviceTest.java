package io.flinkmanaged.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.Seeded;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClusterAdviceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ClusterSpec.Builder spec = ClusterSpec.named("flights").taskSlots(8);

    @Test
    void threeAttemptsAtHalfASecondAreWarnedOf() {
        assertThat(ClusterAdvice.of(spec.restartStrategy(RestartStrategy.fixedDelay(3, Duration.ofMillis(500)))
                        .build()))
                .singleElement()
                .hasToString(
                        "restartStrategy: gives up after more than 3 failures, however far apart (expected: to outlast "
                                + "the loss of a TaskManager, which may stay unnoticed for 50 s (heartbeat.timeout) while each "
                                + "of its 8 slots may fail again with every restart). Leave it out, or use "
                                + "RestartStrategy.forSlots(8) or RestartStrategy.exponentialDelay().");
    }

    @Test
    void ourFiguresAreNotWarnedOf() {
        assertThat(ClusterAdvice.of(spec.build())).isEmpty();
        for (int slots : new int[] {1, 2, 8, 100, 1024}) {
            ClusterSpec.Builder any =
                    ClusterSpec.named("a").plan(Plans.THREE_NODE_4GB).taskSlots(slots);
            assertThat(ClusterAdvice.of(any.build())).isEmpty();
            assertThat(ClusterAdvice.of(any.restartStrategy(RestartStrategy.exponentialDelay())
                            .build()))
                    .isEmpty();
        }
    }

    @Test
    void whoWantsNoRestartsIsNotToldThatThereAreNone() {
        assertThat(ClusterAdvice.of(spec.restartStrategy(RestartStrategy.none()).build()))
                .isEmpty();
    }

    @Test
    void figuresAreHeldAgainstTheHeartbeatInEffect() {
        spec.override("heartbeat.interval", "1 s").restartStrategy(RestartStrategy.fixedDelay(8 * 7, SECOND));
        assertThat(ClusterAdvice.of(spec.build())).isNotEmpty();
        assertThat(ClusterAdvice.of(spec.override("heartbeat.timeout", "6 s").build()))
                .isEmpty();
        assertThat(ClusterAdvice.of(spec.override("heartbeat.timeout", "7 s").build()))
                .isNotEmpty();
    }

    @Test
    void aRateThatForgetsInTimeCarriesAnyOutage() {
        assertThat(ClusterAdvice.carries(RestartStrategy.failureRate(3, SECOND, SECOND), Duration.ofHours(1), 1))
                .isTrue();
        assertThat(ClusterAdvice.carries(
                        RestartStrategy.failureRate(3, Duration.ofMinutes(1), SECOND), Duration.ofHours(1), 1))
                .isFalse();
    }

    @Test
    void attemptsOfExponentialDelayAreRoundsNotTasks() {
        RestartStrategy.ExponentialDelay delay = RestartStrategy.exponentialDelay();
        // 0.1 + 0.2 + … + 25.6 s are 51.1 s.
        assertThat(ClusterAdvice.carries(delay.attempts(10), Duration.ofSeconds(50), 1024))
                .isTrue();
        assertThat(ClusterAdvice.carries(delay.attempts(8), Duration.ofSeconds(50), 1))
                .isFalse();
    }

    @Test
    void adviceIsGivenOnAnySpec() {
        Seeded.check(200, random -> assertThat(ClusterAdvice.of(RandomSpecs.spec(random)))
                .hasSizeLessThanOrEqualTo(1));
    }
}
