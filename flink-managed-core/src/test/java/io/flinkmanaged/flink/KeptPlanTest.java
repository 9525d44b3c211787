package io.flinkmanaged.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.InvalidInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.streaming.api.graph.ExecutionPlan;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPlanTest {

    private static final JobID JOB_ID = new JobID(1, 2);

    @TempDir
    private static Path temporary;

    private static CapturedJob captured;

    @BeforeAll
    static void captureAJobAndForgetItsClasses() throws Exception {
        captured = CompiledJob.into(temporary.resolve("classes")).capture(new Configuration(), temporary);
        assertThatThrownBy(() -> Class.forName("user.Job")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void isReadBackWithoutTheUsersClasses() {
        StreamGraph graph = KeptPlan.of(captured.plan().bytes()).read();
        assertThat(graph.getJobName()).isEqualTo("twice");
        assertThatThrownBy(
                        () -> graph.deserializeUserDefinedInstances(KeptPlanTest.class.getClassLoader(), Runnable::run))
                .hasStackTraceContaining("user.Job");
    }

    @Test
    void isGivenWhatMakesItAnAttempt() {
        Path jar = Path.of("/jars/with space.jar");
        StreamGraph graph = prepared(
                Map.of(CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(), "file:///state/epoch-1-attempt-1"),
                List.of(jar),
                Optional.of("file:///state/chk-7"));
        assertThat(graph.getJobID()).isEqualTo(JOB_ID);
        assertThat(graph.getName()).isEqualTo("delays");
        assertThat(graph.getJobConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .isEqualTo("file:///state/epoch-1-attempt-1");
        assertThat(graph.getUserJars()).extracting(path -> path.toUri()).containsExactly(jar.toUri());
        assertThat(graph.getSavepointRestoreSettings())
                .isEqualTo(SavepointRestoreSettings.forPath("file:///state/chk-7", false, RecoveryClaimMode.NO_CLAIM));
    }

    @Test
    void startsEmptyUnlessItIsToldWhere() {
        StreamGraph graph = prepared(Map.of(), List.of(), Optional.empty());
        assertThat(graph.getSavepointRestoreSettings()).isEqualTo(SavepointRestoreSettings.none());
        assertThat(graph.getUserJars()).isEmpty();
    }

    @Test
    void isPreparedAnyNumberOfTimesEachForItself() {
        KeptPlan plan = KeptPlan.of(captured.plan().bytes());
        StreamGraph first = plan.prepare(JOB_ID, "a", Map.of("k", "v"), List.of(), Optional.of("file:///state/chk-7"))
                .unwrap(StreamGraph.class);
        StreamGraph second = plan.prepare(new JobID(3, 4), "b", Map.of(), List.of(), Optional.empty())
                .unwrap(StreamGraph.class);
        assertThat(first).isNotSameAs(second);
        assertThat(second.getJobID()).isEqualTo(new JobID(3, 4));
        assertThat(second.getJobConfiguration().toMap()).doesNotContainKey("k");
        assertThat(second.getSavepointRestoreSettings().restoreSavepoint()).isFalse();
        assertThat(plan.bytes()).isEqualTo(captured.plan().bytes());
    }

    @Test
    void cannotBeChangedThroughItsBytes() {
        byte[] bytes = captured.plan().bytes();
        KeptPlan plan = KeptPlan.of(bytes);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(plan.bytes(), (byte) 0);
        assertThat(plan.read().getJobName()).isEqualTo("twice");
    }

    @Test
    void isAnExecutionPlanForALauncher() {
        assertThat(captured.plan()
                        .prepare(JOB_ID, "delays", Map.of(), List.of(), Optional.empty())
                        .unwrap(ExecutionPlan.class)
                        .getJobID())
                .isEqualTo(JOB_ID);
    }

    @Test
    void saysWhenTheBytesAreNoPlan() throws Exception {
        byte[] whole = captured.plan().bytes();
        for (byte[] other : List.of(
                new byte[0],
                "not a plan".getBytes(UTF_8),
                InstantiationUtil.serializeObject("another object"),
                Arrays.copyOf(whole, whole.length / 2),
                Arrays.copyOf(whole, whole.length - 1))) {
            assertThatThrownBy(
                            () -> KeptPlan.of(other).prepare(JOB_ID, "delays", Map.of(), List.of(), Optional.empty()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("execution plan: ")
                    .hasMessageContaining("Submit the job's program again.")
                    .hasCauseInstanceOf(Exception.class);
        }
    }

    private StreamGraph prepared(Map<String, String> configuration, List<Path> jars, Optional<String> recoveryPoint) {
        return KeptPlan.of(captured.plan().bytes())
                .prepare(JOB_ID, "delays", configuration, jars, recoveryPoint)
                .unwrap(StreamGraph.class);
    }
}
