package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.supervise.Decision.ReplaceTaskManager;
import io.flinkmanaged.supervise.Decision.RestartProcess;
import io.flinkmanaged.supervise.Decision.Wait;
import io.flinkmanaged.supervise.Losses.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;

/** What jobs need is put back at once; what they do not waits until they run. */
class LossesTest {

    private static final Instant DIED = Instant.EPOCH;
    private static final Duration SOON = Losses.NOTICED.minusMillis(1);

    private final FailoverPolicy policy = FailoverPolicy.standard();
    private final List<LostProcess> lost = new ArrayList<>();
    private final List<NodeId> cutOff = new ArrayList<>();
    private int deadTaskManagers;
    private int nodes = 3;
    private boolean jobRuns = true;
    private boolean hasJob = true;
    private Liveness liveness = Liveness.ANSWERS;
    private Demand demand = new Demand(2, OptionalInt.of(4));

    @Test
    void aStandbyWaitsUntilFlinkHasNoticedAndTheJobsRun() {
        loses(Kind.JOB_MANAGER, 2);
        assertThat(decide(Duration.ZERO)).isInstanceOf(Wait.class);
        assertThat(decide(SOON).reason()).contains("the jobmanager of node-2 died; it is put back when the jobs run");
        assertThat(decide(Losses.NOTICED)).isInstanceOf(RestartProcess.class);
        jobRuns = false;
        assertThat(decide(Losses.NOTICED)).isInstanceOf(Wait.class);
        liveness = Liveness.UNKNOWN;
        assertThat(decide(Losses.NOTICED)).isInstanceOf(Wait.class);
        assertThat(decide(Losses.AT_MOST)).isInstanceOf(RestartProcess.class);
    }

    @Test
    void theOnlyJobManagerAndTheLastOfThreeAreNeededAtOnce() {
        for (int node = 1; node <= 3; node++) {
            loses(Kind.JOB_MANAGER, node);
        }
        assertThat(decide(Duration.ZERO)).isInstanceOf(RestartProcess.class);
        lost.clear();
        nodes = 1;
        loses(Kind.JOB_MANAGER, 1);
        assertThat(decide(Duration.ZERO)).isInstanceOf(RestartProcess.class);
    }

    @Test
    void aPeerOfZooKeeperWaitsWhileMostOfThemLive() {
        loses(Kind.ZOOKEEPER, 1);
        assertThat(decide(Duration.ZERO)).isInstanceOf(Wait.class);
        loses(Kind.ZOOKEEPER, 2);
        assertThat(decide(Duration.ZERO)).isInstanceOf(RestartProcess.class);
    }

    @Test
    void aTaskManagerWaitsIfTheOthersHaveSlotsForAllJobs() {
        deadTaskManagers = 1;
        assertThat(decide(Duration.ZERO)).isInstanceOf(Wait.class);
        assertThat(decide(Losses.NOTICED)).isInstanceOf(ReplaceTaskManager.class);
        demand = new Demand(2, OptionalInt.of(5));
        assertThat(decide(Duration.ZERO)).isInstanceOf(ReplaceTaskManager.class);
        demand = new Demand(2, OptionalInt.empty());
        assertThat(decide(Duration.ZERO)).isInstanceOf(ReplaceTaskManager.class);
        demand = new Demand(2, OptionalInt.of(0));
        deadTaskManagers = 3;
        assertThat(decide(Duration.ZERO)).isInstanceOf(ReplaceTaskManager.class);
    }

    @Test
    void whatDiedOnANodeThatIsCutOffIsMissingAndIsNotPutBackThere() {
        cutOff.add(new NodeId(1));
        loses(Kind.JOB_MANAGER, 1);
        loses(Kind.ZOOKEEPER, 1);
        deadTaskManagers = 1;
        assertThat(decide(Losses.AT_MOST)).isInstanceOfSatisfying(Wait.class, wait -> assertThat(wait.health())
                .isEqualTo(new Health(
                        Health.State.DEGRADED,
                        "nobody hears of [node-1], and nothing proves it dead; Flink goes on without it. Look at "
                                + "its machine and its network")));
        loses(Kind.JOB_MANAGER, 2);
        jobRuns = false;
        assertThat(decide(Duration.ZERO)).isInstanceOf(Wait.class);
        loses(Kind.ZOOKEEPER, 2);
        assertThat(decide(Duration.ZERO)).isInstanceOf(RestartProcess.class);
        cutOff.clear();
        assertThat(decide(Losses.AT_MOST)).isInstanceOf(RestartProcess.class);
    }

    @Test
    void nothingWaitsWithoutAJobOrWithAClockThatWasSetBack() {
        loses(Kind.JOB_MANAGER, 2);
        assertThat(decide(Duration.ofHours(-1))).isInstanceOf(RestartProcess.class);
        hasJob = false;
        assertThat(decide(Duration.ZERO)).isInstanceOf(RestartProcess.class);
    }

    @Test
    void whatIsNeededGoesBeforeWhatWaits() {
        loses(Kind.ZOOKEEPER, 1);
        loses(Kind.JOB_MANAGER, 1);
        deadTaskManagers = 1;
        demand = new Demand(2, OptionalInt.of(6));
        assertThat(decide(Duration.ZERO)).isInstanceOf(ReplaceTaskManager.class);
        assertThat(Losses.of(situation(Losses.AT_MOST)))
                .extracting(Loss::kind)
                .containsExactly(Kind.ZOOKEEPER, Kind.JOB_MANAGER, Kind.TASK_MANAGER);
    }

    private void loses(Kind kind, int node) {
        lost.add(new LostProcess(new NodeId(node), kind, new Death(DIED, "killed")));
    }

    private Decision decide(Duration age) {
        return policy.decide(situation(age));
    }

    private Situation situation(Duration age) {
        List<TaskManagerObservation> taskManagers = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            taskManagers.add(new TaskManagerObservation(
                    new NodeId(node),
                    "node-" + node,
                    node <= deadTaskManagers ? Optional.of(new Death(DIED, "killed")) : Optional.empty()));
        }
        JobObservation job = new JobObservation(
                new JobID(1, 1), "delays", jobRuns ? JobStatus.RUNNING : JobStatus.RESTARTING, 2, jobRuns ? 2 : 0, 0);
        List<JobObservation> jobs = liveness == Liveness.ANSWERS && hasJob ? List.of(job) : List.of();
        ClusterObservation seen = new ClusterObservation(
                DIED.plus(age), liveness, "", taskManagers, lost, List.of(), List.of(), cutOff, jobs);
        return new Situation(seen, LostJobs.NONE, ActionHistory.EMPTY, demand, 0);
    }
}
