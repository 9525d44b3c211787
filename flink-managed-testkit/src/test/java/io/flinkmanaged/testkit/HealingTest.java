package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.JobNotRecovered;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.ProcessHung;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.SilentProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.testkit.Fault.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;

/** What is called healed: all of it, and nothing that only looks like it. */
class HealingTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final NodeId NODE = new NodeId(1);
    private static final Health HEALTHY = new Health(Health.State.HEALTHY, "all that is wanted runs");
    private static final Facts KILL =
            new Facts("kill", AT, Target.taskManager(1).lossesOfKill(AT), Set.of("orders"));

    private static final ClusterEvent LOST =
            new TaskManagerLost("c", AT.plusMillis(5), 1, "tm", AT.plusMillis(1), "it");
    private static final ClusterEvent REPLACED =
            new TaskManagerReplaced("c", AT.plusMillis(400), 1, "tm-2", Duration.ofMillis(300));
    private static final ClusterEvent RUNNING =
            new JobRunning("c", AT.plusMillis(700), "orders", "id", Optional.of(3L), Optional.empty());

    private static final ClusterObservation WHOLE = seen(Optional.empty(), 2);

    @Test
    void isHealedWhenAllOfItIsTold() {
        Healing healing = judge(HEALTHY, WHOLE, LOST, REPLACED, RUNNING);
        assertThat(healing.isWhole()).isTrue();
        assertThat(healing.isCertain()).isTrue();
        assertThat(healing.took()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void isNotHealedBeforeSomebodyHasNoticed() {
        assertThat(judge(HEALTHY, WHOLE).open()).contains("somebody to notice the loss");
    }

    @Test
    void theDeathOfAnotherOrAnEarlierOneIsNoNotice() {
        ClusterEvent ofAnother = new TaskManagerLost("c", AT.plusMillis(5), 2, "tm", AT.plusMillis(1), "it");
        ClusterEvent earlier = new TaskManagerLost("c", AT.plusMillis(5), 1, "tm", AT.minusMillis(1), "it");
        assertThat(judge(HEALTHY, WHOLE, ofAnother, earlier).isWhole()).isFalse();
    }

    @Test
    void isNotHealedWhileItIsNotHealthy() {
        Health degraded = new Health(Health.State.DEGRADED, "a TaskManager died");
        assertThat(judge(degraded, WHOLE, LOST, REPLACED, RUNNING).open())
                .contains("it is DEGRADED, a TaskManager died");
    }

    @Test
    void isNotHealedWhileAnyProcessIsDeadOrHangs() {
        Death death = new Death(AT, "it ended");
        assertThat(judge(HEALTHY, seen(Optional.of(death), 2), LOST, RUNNING).open())
                .contains("the TaskManager of node-1 to be replaced: it ended");
        ClusterObservation others = new ClusterObservation(
                AT,
                Liveness.ANSWERS,
                "",
                WHOLE.taskManagers(),
                List.of(new LostProcess(NODE, Kind.JOB_MANAGER, death)),
                List.of(new HungProcess(NODE, Kind.ZOOKEEPER, AT, "it is silent")),
                List.of(new SilentProcess(new NodeId(2), Kind.TASK_MANAGER, "it is struck off")),
                List.of(),
                WHOLE.jobs());
        assertThat(judge(HEALTHY, others, LOST, REPLACED, RUNNING).open())
                .contains(
                        "the jobmanager of node-1 to be started again",
                        "the zookeeper of node-1 to be ended",
                        "the taskmanager of node-2 to do its part: it is struck off");
    }

    @Test
    void isNotHealedWhileATaskOfAJobDoesNotRun() {
        assertThat(judge(HEALTHY, seen(Optional.empty(), 1), LOST, REPLACED, RUNNING)
                        .open())
                .contains("job \"orders\" to run with all its tasks: RUNNING, 1 of 2 tasks run");
    }

    @Test
    void aJobThatWasNotToldToRunAgainMayBeSeenAsItWasBefore() {
        Healing healing = judge(HEALTHY, WHOLE, LOST, REPLACED);
        assertThat(healing.isWhole()).isTrue();
        assertThat(healing.isCertain()).isFalse();
    }

    @Test
    void aJobThatHasFinishedIsNotWaitedFor() {
        Healing healing = judge(HEALTHY, seen(Optional.empty(), 0), LOST, REPLACED, ended("FINISHED"));
        assertThat(healing.isWhole()).isTrue();
        assertThat(healing.isCertain()).isTrue();
    }

    @Test
    void isHopelessWhenAJobIsLostOrTheSupervisorGaveUp() {
        assertThat(judge(HEALTHY, WHOLE, LOST, REPLACED, ended("FAILED")).isHopeless())
                .isTrue();
        ClusterEvent notRecovered = new JobNotRecovered("c", AT, "orders", "no complete point");
        assertThat(judge(HEALTHY, WHOLE, notRecovered).open()).contains("in vain: job \"orders\" not recovered");
        assertThat(judge(new Health(Health.State.GAVE_UP, "enough"), WHOLE).isHopeless())
                .isTrue();
    }

    @Test
    void aNodeThatHangsIsNoticedProcessByProcess() {
        Facts hang = new Facts("hang", AT, Target.node(1).lossesOfHang(AT), Set.of());
        List<ClusterEvent> since = new ArrayList<>();
        for (String process : List.of("taskmanager", "jobmanager", "zookeeper")) {
            assertThat(Healing.judge(hang, since, HEALTHY).isWhole()).isFalse();
            since.add(new ProcessHung("c", AT.plusSeconds(12), 1, process, AT, "it is silent"));
        }
        assertThat(Healing.judge(hang, since, HEALTHY).isWhole()).isTrue();
    }

    private static Healing judge(Health health, ClusterObservation seen, ClusterEvent... since) {
        return Healing.judge(KILL, List.of(since), health).and(seen, List.of(since));
    }

    private static ClusterEvent ended(String status) {
        return new JobEnded("c", AT.plusMillis(500), "orders", "id", status, Optional.empty());
    }

    private static ClusterObservation seen(Optional<Death> death, int running) {
        return new ClusterObservation(
                AT,
                Liveness.ANSWERS,
                "",
                List.of(new TaskManagerObservation(NODE, "tm", death)),
                List.of(new JobObservation(new JobID(1, 1), "orders", JobStatus.RUNNING, 2, running, 0)));
    }
}
