package io.flinkmanaged.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecoveryBudgetTest {

    private RecoveryBudget budget = RecoveryBudget.WHOLE;
    private long now = -Duration.ofDays(1).toNanos();

    @Test
    void allowsTheFirstTryAtOnceAndTheNextAfterAPause() {
        assertThat(budget.allows(now)).isTrue();
        budget = budget.afterFailure(now);
        assertThat(budget.allows(now + Duration.ofMillis(100).toNanos() - 1)).isFalse();
        assertThat(budget.allows(now + Duration.ofMillis(100).toNanos())).isTrue();
        budget = budget.afterRefusal(now);
        assertThat(budget.allows(now + Duration.ofMillis(200).toNanos() - 1)).isFalse();
        assertThat(budget.allows(now + Duration.ofMillis(200).toNanos())).isTrue();
    }

    @Test
    void isSpentByRefusalsOfMoreThanFiveMinutes() {
        long began = now;
        while (!budget.isSpent()) {
            while (!budget.allows(now)) {
                now += Duration.ofMillis(100).toNanos();
            }
            budget = budget.afterRefusal(now);
        }
        assertThat(Duration.ofNanos(now - began)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
    }

    @Test
    void isNeverSpentByFailuresThatSayNothingOfTheJob() {
        for (int failures = 0; failures < 10_000; failures++) {
            budget = budget.afterFailure(now);
        }
        assertThat(budget.isSpent()).isFalse();
        assertThat(budget.allows(now + Duration.ofSeconds(20).toNanos())).isTrue();
    }
}
