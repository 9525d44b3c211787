package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.supervise.ActionHistory.Action;
import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.GiveUp;
import io.flinkmanaged.supervise.Decision.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DefaultFailoverPolicyTest {

    private static final ClusterObservation DEAD =
            new ClusterObservation(Instant.EPOCH, Liveness.DEAD, "killed", List.of(), List.of());

    private final FailoverPolicy policy = new DefaultFailoverPolicy();
    private ActionHistory history = ActionHistory.EMPTY;
    private long now;

    @Test
    void givesUpAfterTooManyFailuresInARowHoweverSlowTheyAre() {
        for (int failures = 0; failures < DefaultFailoverPolicy.MOST_FAILURES; failures++) {
            pass(Duration.ofSeconds(20));
            assertThat(decide()).as("after %s failures", failures).isInstanceOf(BeginEpoch.class);
            pass(Duration.ofSeconds(80));
            ended(true);
        }
        assertThat(decide()).isInstanceOf(GiveUp.class);
    }

    @Test
    void countsFailuresAnewAfterASuccess() {
        for (int failures = 1; failures < DefaultFailoverPolicy.MOST_FAILURES; failures++) {
            ended(true);
        }
        ended(false);
        ended(true);
        pass(Duration.ofSeconds(20));
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void forgetsEpochsOfLongAgoWithoutANewAction() {
        for (int epochs = 0; epochs < DefaultFailoverPolicy.MOST_EPOCHS; epochs++) {
            ended(false);
        }
        assertThat(decide()).isInstanceOf(GiveUp.class);
        pass(ActionHistory.MEMORY);
        assertThat(decide()).isInstanceOf(GiveUp.class);
        pass(Duration.ofNanos(1));
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void waitsAfterAFailureAndTriesAgain() {
        ended(true);
        assertThat(decide()).isInstanceOf(Wait.class);
        pass(Duration.ofMillis(100));
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void triesAgainWhenTheLastFailureIsForgotten() {
        ended(true);
        pass(ActionHistory.MEMORY.multipliedBy(2));
        assertThat(history.since(now).actions()).isEmpty();
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    private Decision decide() {
        return policy.decide(new Situation(DEAD, false, Set.of(), history.since(now), now));
    }

    private void ended(boolean failed) {
        history = history.with(new Action(BeginEpoch.class, now, failed));
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }
}
