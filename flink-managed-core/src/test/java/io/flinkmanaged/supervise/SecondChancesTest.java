package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;

class SecondChancesTest {

    private final FailoverPolicy standard = FailoverPolicy.standard();

    @Test
    void countsWhatFailedWithinTheTime() {
        FailoverPolicy twice = standard.beginningFailedJobsAgain(2, Duration.ofMinutes(10), Duration.ofSeconds(30));
        assertThat(twice.beginAgainAfter(failed(Duration.ZERO))).contains(Duration.ofSeconds(30));
        assertThat(twice.beginAgainAfter(failed(Duration.ZERO, Duration.ofMinutes(1))))
                .contains(Duration.ofSeconds(30));
        assertThat(twice.beginAgainAfter(failed(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(10))))
                .isEmpty();
        assertThat(twice.beginAgainAfter(failed(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(11))))
                .contains(Duration.ofSeconds(30));
        assertThat(standard.beginAgainAfter(failed(Duration.ZERO))).isEmpty();
    }

    @Test
    void refusesFiguresThatMeanNothing() {
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(0, Duration.ofMinutes(1), Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0 times in PT1M after PT0S (expected: 1..99 times, in an hour at most, ");
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(100, Duration.ofMinutes(1), Duration.ZERO))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(1, Duration.ZERO, Duration.ZERO))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(1, Duration.ofMinutes(61), Duration.ZERO))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void asksTheOtherPolicyFirst() {
        FailoverPolicy ours = standard.beginningFailedJobsAgain(1, Duration.ofHours(1), Duration.ofSeconds(1))
                .beginningFailedJobsAgain(2, Duration.ofHours(1), Duration.ofMinutes(1));
        assertThat(ours.beginAgainAfter(failed(Duration.ZERO))).contains(Duration.ofSeconds(1));
        assertThat(ours.beginAgainAfter(failed(Duration.ZERO, Duration.ZERO))).contains(Duration.ofMinutes(1));
    }

    private static FailedJob failed(Duration... ages) {
        return new FailedJob(
                "parse", new JobID(), JobFailure.of(Instant.EPOCH, "java.lang.Exception: bad"), List.of(ages));
    }
}
