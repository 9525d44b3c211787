package io.flinkmanaged.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.ScriptedLauncher;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.RestartStrategy;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.spec.StorageLocation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;

class ClusterChangeTest {

    private static final ClusterLauncher ENDS_ALL = new ScriptedLauncher();
    private static final ClusterLauncher ROLLS = new ScriptedLauncher(least -> least);

    private final ClusterSpec flights = ClusterSpec.named("flights")
            .plan(Plans.SINGLE_NODE_4GB)
            .taskSlots(4)
            .checkpoints(every(1))
            .build();

    @Test
    void changesNothingBetweenEqualSpecs() {
        ClusterChange change = changed(spec -> spec);
        assertThat(change.isEmpty()).isTrue();
        assertThat(change.disruption()).isEqualTo(Disruption.NONE);
        assertThat(change.restarts()).isEqualTo(new Restarts(0, 0, new TreeSet<>()));
        assertThat(change).hasToString("cluster flights: nothing changes");
    }

    @Test
    void leavesRunningJobsAloneForWhatProgramsRead() {
        ClusterChange change = changed(spec -> spec.defaultParallelism(2));
        assertClass(change, Disruption.NONE, StateCarriage.UNTOUCHED);
        assertThat(change.jobs()).isEmpty();
        assertThat(change.toAcknowledge()).isEmpty();
        assertThat(change.toString()).contains("parallelism.default").contains("evaluated where the program builds");
    }

    @Test
    void restartsJobsForWhatIsReadOncePerJob() {
        for (UnaryOperator<ClusterSpec.Builder> edit : Set.<UnaryOperator<ClusterSpec.Builder>>of(
                spec -> spec.checkpoints(every(2)),
                spec -> spec.checkpoints(every(1).timeout(Duration.ofMinutes(3))),
                spec -> spec.restartStrategy(RestartStrategy.none()),
                spec -> spec.override("state.backend.rocksdb.log.level", "DEBUG_LEVEL"))) {
            ClusterChange change = changed(edit);
            assertClass(change, Disruption.JOBS, StateCarriage.CHECKPOINT);
            assertThat(change.restarts()).isEqualTo(new Restarts(0, 0, new TreeSet<>(Set.of("sums"))));
            assertThat(change.toAcknowledge()).isEmpty();
        }
    }

    @Test
    void carriesStateToAnotherBackendBySavepoint() {
        ClusterChange change = changed(spec -> spec.stateBackend(StateBackend.ROCKSDB));
        assertThat(change.state()).isEqualTo(StateCarriage.SAVEPOINT);
        assertThat(change.disruption()).isGreaterThanOrEqualTo(Disruption.JOBS);
        assertThat(change.differences()).anyMatch(difference -> difference
                .toString()
                .startsWith("state.backend.type: hashmap → rocksdb (JOBS, state by SAVEPOINT): "));
    }

    @Test
    void restartsEverythingForTaskSlotsWhereNothingRolls() {
        ClusterChange change = changed(spec -> spec.taskSlots(8));
        assertClass(change, Disruption.RESTART, StateCarriage.CHECKPOINT);
        assertThat(change.restarts()).isEqualTo(new Restarts(1, 1, new TreeSet<>(Set.of("sums"))));
        assertThat(change.toAcknowledge()).containsOnlyKeys(Acknowledgement.DOWNTIME);
        assertThat(change.toString())
                .contains("taskmanager.numberOfTaskSlots: 4 → 8 (RESTART, state by CHECKPOINT)")
                .contains("scripted ends and starts everything for it")
                .contains("another number of task slots restarts every job of the cluster");
    }

    @Test
    void rollsTaskSlotsOnThreeNodesAndRestartsTheOnlyOne() {
        ClusterSpec three = flights.toBuilder().plan(Plans.THREE_NODE_4GB).build();
        ClusterChange rolling = of(three, three.toBuilder().taskSlots(8).build(), ROLLS);
        assertClass(rolling, Disruption.ROLLING, StateCarriage.CHECKPOINT);
        assertThat(rolling.nodes()).containsExactly(new NodeId(1), new NodeId(2), new NodeId(3));
        assertThat(rolling.restarts().jobManagers()).isZero();
        assertThat(rolling.toAcknowledge()).isEmpty();
        ClusterChange single = of(flights, flights.toBuilder().taskSlots(8).build(), ROLLS);
        assertClass(single, Disruption.RESTART, StateCarriage.CHECKPOINT);
    }

    @Test
    void restartsEverythingForWhatTheJobManagerReads() {
        assertClass(
                changed(spec -> spec.checkpoints(every(1).retained(9))), Disruption.RESTART, StateCarriage.CHECKPOINT);
        assertClass(
                of(
                        flights,
                        flights.toBuilder()
                                .override("heartbeat.timeout", "30 s")
                                .build(),
                        ROLLS),
                Disruption.RESTART,
                StateCarriage.CHECKPOINT);
    }

    @Test
    void keepsStateThroughAChangeOfPlanUpAndOutAndAdvisesUpBeforeOut() {
        ClusterChange up = changed(spec -> spec.plan(Plans.SINGLE_NODE_8GB));
        assertClass(up, Disruption.RESTART, StateCarriage.CHECKPOINT);
        assertThat(up.toAcknowledge()).containsOnlyKeys(Acknowledgement.DOWNTIME);
        assertThat(up.advice()).isEmpty();
        ClusterChange out =
                of(flights, flights.toBuilder().plan(Plans.THREE_NODE_4GB).build(), ROLLS);
        assertClass(out, Disruption.REPLACE, StateCarriage.CHECKPOINT);
        assertThat(out.advice()).singleElement().asString().contains("up before out: single-node-8gb");
        assertThat(changed(spec -> spec.plan(Plans.THREE_NODE_8GB)).advice()).isEmpty();
    }

    @Test
    void judgesAChangeOfPlanDownAndIn() {
        ClusterSpec large =
                flights.toBuilder().plan(Plans.THREE_NODE_8GB).taskSlots(1).build();
        ClusterChange change =
                of(large, large.toBuilder().plan(Plans.SINGLE_NODE_4GB).build(), ENDS_ALL);
        assertThat(change.toAcknowledge().get(Acknowledgement.TOO_FEW_SLOTS))
                .isEqualTo("the running jobs need 3 slots, and there will be 1");
        assertThat(change.toAcknowledge().get(Acknowledgement.LESS_MEMORY)).startsWith("a node shrinks from 8");
        assertThat(change.advice()).anyMatch(line -> line.contains("not highly available"));
    }

    @Test
    void stopsJobsWithSavepointsWhereThereAreNoCheckpoints() {
        ClusterSpec plain = ClusterSpec.named("flights")
                .plan(Plan.custom("own", 1, MemorySize.ofMebiBytes(2048), 1))
                .build();
        assertClass(
                of(
                        plain,
                        plain.toBuilder()
                                .restartStrategy(RestartStrategy.none())
                                .build(),
                        ENDS_ALL),
                Disruption.JOBS,
                StateCarriage.SAVEPOINT);
    }

    @Test
    void refusesAnotherNameAndAnotherLocation() {
        ClusterSpec renamed = ClusterSpec.named("trains")
                .plan(flights.plan())
                .taskSlots(4)
                .checkpoints(every(1))
                .build();
        ClusterChange name = of(flights, renamed, ENDS_ALL);
        assertThat(name.refusals()).extracting(Finding::subject).containsExactly("name");
        ClusterChange moved = changed(spec -> spec.checkpoints(
                Checkpointing.every(Duration.ofSeconds(1)).to(StorageLocation.at("file:///elsewhere"))));
        assertThat(moved.state()).isEqualTo(StateCarriage.INCOMPATIBLE);
        assertThat(moved.refusals()).singleElement().asString().contains("StartingPoint.at(…) its savepoint");
        ClusterSpec none = ClusterSpec.named("flights").taskSlots(4).build();
        assertThat(of(flights, none, ENDS_ALL).refusals()).hasSize(1);
    }

    @Test
    void wantsToHearThatUnmanagedJobsAreLost() {
        Basis basis = new Basis(flights, Optional.of(new Epoch(1)), new TreeMap<>(), new TreeSet<>(Set.of("stray")), 0);
        ClusterChange restart = ClusterChange.of(
                basis, flights.toBuilder().taskSlots(8).build(), ENDS_ALL, ClusterRenderer::withoutPlacement);
        assertThat(restart.toAcknowledge().get(Acknowledgement.UNMANAGED_JOBS_LOST))
                .contains("[stray]");
        ClusterChange jobs = ClusterChange.of(
                basis, flights.toBuilder().checkpoints(every(2)).build(), ENDS_ALL, ClusterRenderer::withoutPlacement);
        assertThat(jobs.toAcknowledge()).isEmpty();
    }

    @Test
    void showsNoSecret() {
        ClusterChange change = changed(spec -> spec.override("security.ssl.rest.key-password", "hunter2")
                .override("metrics.reporter.mine.colour", "hunter3"));
        assertThat(change.toString())
                .contains("security.ssl.rest.key-password: not set → …")
                .contains("metrics.reporter.mine.colour: not set → …")
                .doesNotContain("hunter");
        assertThat(change.differences().toString()).doesNotContain("hunter");
    }

    @Test
    void saysThatAnOverrideWithoutEffectHasNone() {
        ClusterChange change = changed(spec -> spec.override("heartbeat.timeout", "50 s"));
        assertClass(change, Disruption.NONE, StateCarriage.UNTOUCHED);
        assertThat(change.differences())
                .extracting(Difference::toString)
                .containsExactly("override heartbeat.timeout: not set → … (NONE): no value in effect changes");
    }

    private static void assertClass(ClusterChange change, Disruption disruption, StateCarriage state) {
        assertThat(change.disruption()).as(change.toString()).isEqualTo(disruption);
        assertThat(change.state()).as(change.toString()).isEqualTo(state);
    }

    private ClusterChange changed(UnaryOperator<ClusterSpec.Builder> edit) {
        return of(flights, edit.apply(flights.toBuilder()).build(), ENDS_ALL);
    }

    /** With a job that needs three slots. */
    private static ClusterChange of(ClusterSpec from, ClusterSpec to, ClusterLauncher launcher) {
        Basis basis = new Basis(
                from,
                Optional.of(new Epoch(1)),
                new TreeMap<>(Map.of("sums", "epoch-1-attempt-1")),
                new TreeSet<>(),
                3);
        return ClusterChange.of(basis, to, launcher, ClusterRenderer::withoutPlacement);
    }

    private static Checkpointing every(int seconds) {
        return Checkpointing.every(Duration.ofSeconds(seconds)).to(StorageLocation.at("file:///data"));
    }
}
