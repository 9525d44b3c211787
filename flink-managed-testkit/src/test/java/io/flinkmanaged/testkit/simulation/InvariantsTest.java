package io.flinkmanaged.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.JobNotRecovered;
import io.flinkmanaged.event.ClusterEvent.JobQuarantined;
import io.flinkmanaged.model.JobName;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What no wrong policy can bring about, but a wrong library could: jobs that end as they should not. */
class InvariantsTest {

    private static final String JOB = "sums";

    @AutoClose
    private final VirtualTime time = VirtualTime.seeded(1);

    private final Invariants invariants = new Invariants(time);

    @Test
    void aJobThatAFaultMadeFailMayHaveFailedWithAReason() {
        invariants.madeToFail(JOB);
        invariants.happened(failedOf(Optional.of("a fault wants it")));
        invariants.ended(new JobName(JOB));
        assertThat(invariants.violations()).isEmpty();
    }

    @Test
    void aJobThatHasFailedWithoutAReasonIsFoundOut() {
        invariants.madeToFail(JOB);
        invariants.poisoned(JOB);
        invariants.happened(failedOf(Optional.empty()));
        invariants.happened(new JobNotRecovered("flights", Instant.EPOCH, JOB, " "));
        invariants.happened(new JobQuarantined("flights", Instant.EPOCH, JOB, "4711", 10, "none", ""));
        assertThat(invariants.violations()).hasSize(3).allSatisfy(violation -> assertThat(violation)
                .contains("job sums has ended without a reason"));
    }

    @Test
    void aJobThatHasFailedThoughNoFaultWantedItIsFoundOut() {
        invariants.happened(failedOf(Optional.of("for fun")));
        assertThat(invariants.violations())
                .singleElement()
                .asString()
                .contains("job sums is FAILED, and no fault wanted that");
    }

    @Test
    void aJobThatHasEndedInSilenceIsFoundOut() {
        invariants.ended(new JobName(JOB));
        assertThat(invariants.violations()).singleElement().asString().contains("nobody said why");
    }

    private static JobEnded failedOf(Optional<String> cause) {
        return new JobEnded("flights", Instant.EPOCH, JOB, "4711", "FAILED", cause);
    }
}
