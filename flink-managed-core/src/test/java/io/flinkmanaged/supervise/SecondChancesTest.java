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
        FailoverPolicy twice = standard.beginningFailedJobsAgain(2, Duration.ofMinutes(10));
        assertThat(twice.beginsAgain(failed(Duration.ZERO))).isTrue();
        assertThat(twice.beginsAgain(failed(Duration.ZERO, Duration.ofMinutes(1))))
                .isTrue();
        assertThat(twice.beginsAgain(failed(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(10))))
                .isFalse();
        assertThat(twice.beginsAgain(failed(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(11))))
                .isTrue();
        assertThat(standard.beginsAgain(failed(Duration.ZERO))).isFalse();
    }

    @Test
    void refusesFiguresThatMeanNothing() {
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(0, Duration.ofMinutes(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0 times in PT1M (expected: 1..99 times, in an hour at most)");
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(100, Duration.ofMinutes(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(1, Duration.ZERO))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> standard.beginningFailedJobsAgain(1, Duration.ofMinutes(61)))
                .isInstanceOf(InvalidInputException.class);
    }

    private static FailedJob failed(Duration... ages) {
        return new FailedJob(
                "parse", new JobID(), JobFailure.of(Instant.EPOCH, "java.lang.Exception: bad"), List.of(ages));
    }
}
