package io.flinkmanaged.testkit;

import static io.flinkmanaged.testkit.Target.leader;
import static io.flinkmanaged.testkit.Target.node;
import static io.flinkmanaged.testkit.Target.taskManager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults of a cluster in process, under a job that counts. */
@ClusterTest
class FaultsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ManagedCluster cluster;
    private final Faults faults;

    FaultsTest(ManagedCluster cluster, Faults faults) {
        this.cluster = cluster;
        this.faults = faults;
    }

    @Test
    void eachKillIsHealedAndTheJobRunsAgain() {
        ManagedJob job = count();
        for (Target target : List.of(taskManager(1), leader(), node(1))) {
            assertThat(faults.kill(target)).isHealedWithin(PATIENCE);
            assertThat(job.progress().restored()).as("%s", target).isPresent();
        }
        assertThat(cluster.epoch()).isEqualTo(2);
    }

    @Test
    void aMissSaysWhatIsWaitedForAndWhatHasHappened() {
        ManagedJob unused = count();
        Fault fault = faults.kill(leader());
        assertThatThrownBy(() -> assertThat(fault).isHealedWithin(Duration.ZERO))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "kill of the JobManager that leads: not healed (expected: within 0 ms). Waited for:")
                .hasMessageContaining("\n  - ")
                .hasMessageContaining("Since then:");
        assertThat(fault).isHealedWithin(PATIENCE);
        assertThatThrownBy(() -> assertThat(fault).isHealedWithin(Duration.ofMillis(1)))
                .hasMessageContaining("kill of the JobManager that leads: healed after")
                .hasMessageContaining("job \"counting\" runs");
    }

    @Test
    void aJobThatIsLostForGoodIsNotWaitedFor() {
        ManagedJob job = count();
        Fault fault = faults.kill(taskManager(1));
        job.cancel();
        assertThatThrownBy(() -> assertThat(fault).isHealedWithin(PATIENCE))
                .hasMessageContaining("not healed, and will not be")
                .hasMessageContaining("in vain: job \"counting\" CANCELED");
    }

    @Test
    void withoutAnyJobTheClusterAloneIsHealed() {
        assertThat(faults.kill(taskManager(1))).isHealedWithin(PATIENCE);
    }

    @Test
    void whatCannotBeDoneIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> faults.hang(taskManager(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("hang of the taskmanager of node-1")
                .hasMessageContaining("Run the cluster with ManagedFlink.processes(…)");
        assertThatThrownBy(() -> faults.kill(taskManager(2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("node of a fault: 2 (expected: 1..1)");
    }

    private ManagedJob count() {
        ManagedJob job = cluster.submit(
                "counting",
                environment -> CountingJob.define(environment, getClass().getName(), 1_000_000, 500));
        job.awaitRunning(PATIENCE);
        try (Patience patience = new Patience()) {
            patience.awaitCheckpoints(job, 2);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return job;
    }
}
