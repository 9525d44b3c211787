package io.flinkmanaged.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.flink.ProcessMemory;
import io.flinkmanaged.internal.Golden;
import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.RandomSpecs;
import io.flinkmanaged.spec.StateBackend;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeMemoryTest {

    private final ClusterSpec.Builder small = ClusterSpec.named("flights").plan(Plans.SINGLE_NODE_4GB);

    /** Every plan, backend and number of slots, in MiB, as Flink's own calculators have it. */
    @Test
    void theFiguresOfEveryPlanArePinned() {
        StringBuilder figures = new StringBuilder();
        for (Plan plan : Plans.all()) {
            for (StateBackend backend : StateBackend.values()) {
                for (int slots : new int[] {1, 2, 4, 8}) {
                    figures.append(figures(ClusterSpec.named("a")
                                    .plan(plan)
                                    .stateBackend(backend)
                                    .taskSlots(slots)
                                    .build()))
                            .append('\n');
                }
            }
        }
        Golden.check("node-memory.txt", figures.toString());
    }

    @Test
    void isShownAsATable() {
        Golden.check(
                "node-memory-table.txt",
                NodeMemory.of(small.taskSlots(2).build()).toTable() + "\n");
    }

    /** Whatever the plan and the slots: it fits, nothing is left over, and nothing is starved. */
    @Test
    void everyPlanFitsItsNode() {
        Seeded.check(300, random -> {
            ClusterSpec any = RandomSpecs.spec(random);
            NodeMemory memory = NodeMemory.of(any);
            assertThat(memory.fits()).as(memory.toTable()).isTrue();
            assertThat(memory.node().subtract(memory.taken())).isLessThan(MemorySize.ofMebiBytes(1));
            Map<String, MemorySize> parts = memory.taskManager().parts();
            assertThat(parts.get("task heap")).isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(40));
            assertThat(parts.get("managed")).isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(4));
            assertThat(parts.get("network")).isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(16));
            assertThat(memory.jobManager().parts().get("heap")).isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(128));
        });
    }

    @Test
    void managedMemoryFollowsTheBackend() {
        for (Plan plan : Plans.all()) {
            NodeMemory heap = NodeMemory.of(ClusterSpec.named("a").plan(plan).build());
            NodeMemory rocks = NodeMemory.of(ClusterSpec.named("a")
                    .plan(plan)
                    .stateBackend(StateBackend.ROCKSDB)
                    .build());
            assertThat(share(heap)).as(plan.name()).isBetween(0.01, 0.06);
            assertThat(share(rocks)).as(plan.name()).isBetween(0.15, 0.60);
            assertThat(rocks.taken()).isEqualTo(heap.taken());
        }
    }

    /** What Flink derives from the figures that it is started with is what was derived for the table. */
    @Test
    void flinkReadsTheFiguresBack() {
        NodeMemory memory = NodeMemory.of(small.taskSlots(4).build());
        assertThat(ProcessMemory.ofTaskManager(
                        Configuration.fromMap(memory.taskManager().settings())))
                .isEqualTo(memory.taskManager());
        assertThat(ProcessMemory.ofJobManager(
                                Configuration.fromMap(memory.jobManager().settings()))
                        .parts())
                .isEqualTo(memory.jobManager().parts());
    }

    @Test
    void whatDoesNotFitIsOneFindingWithTheTable() {
        Optional<Finding> finding = NodeMemory.judge(
                small.override("taskmanager.memory.process.size", "4g").build());
        assertThat(finding).get().satisfies(found -> {
            assertThat(found.subject()).isEqualTo("memory of a node of plan single-node-4gb");
            assertThat(found.expected()).isEqualTo("at most its 4096 MiB");
            assertThat(found.remedy()).contains("choose a larger plan", "TaskManager              4096", "too much by");
        });
    }

    @Test
    void whatContradictsItselfIsOneFindingWithTheTableOfThePlan() {
        Optional<Finding> finding = NodeMemory.judge(
                small.override("taskmanager.memory.process.size", "100m").build());
        assertThat(finding).get().satisfies(found -> {
            assertThat(found.subject()).isEqualTo("taskmanager.memory");
            assertThat(found.remedy()).contains("Without overrides:", "4096 MiB a node");
        });
    }

    /** What a person sets wins; ours makes room instead of contradicting it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "taskmanager.memory.managed.fraction=0.2",
                "taskmanager.memory.managed.size=512m",
                "taskmanager.memory.flink.size=1g",
                "taskmanager.memory.task.heap.size=700m",
                "taskmanager.memory.process.size=2g",
                "taskmanager.memory.network.fraction=0.05",
                "taskmanager.memory.network.max=32m",
                "taskmanager.memory.jvm-overhead.fraction=0.2",
                "taskmanager.memory.jvm-metaspace.size=300m",
                "taskmanager.memory.task.off-heap.size=100m",
                "jobmanager.memory.heap.size=500m",
                "jobmanager.memory.flink.size=600m",
                "jobmanager.memory.process.size=700m",
                "jobmanager.memory.off-heap.size=100m",
                "jobmanager.memory.jvm-overhead.max=300m"
            })
    void anOverrideThatFitsIsKept(String override) {
        String[] parts = override.split("=", 2);
        ClusterSpec spec = small.override(parts[0], parts[1]).build();
        if (parts[0].endsWith("network.max")) {
            spec = spec.toBuilder()
                    .override("taskmanager.memory.network.min", parts[1])
                    .build();
        }
        assertThat(NodeMemory.judge(spec)).isEmpty();
    }

    private static long sum(Map<String, MemorySize> parts, String... names) {
        long bytes = 0;
        for (String name : names) {
            bytes += parts.getOrDefault(name, MemorySize.ZERO).getBytes();
        }
        return bytes;
    }

    private static double share(NodeMemory memory) {
        return (double) sum(memory.taskManager().parts(), "managed")
                / memory.taskManager().total().getBytes();
    }

    private static String figures(ClusterSpec spec) {
        NodeMemory memory = NodeMemory.of(spec);
        return spec.plan().name() + " " + spec.stateBackend().flinkName() + " " + spec.taskSlots() + ": system "
                + memory.operatingSystem().getMebiBytes() + " | ZooKeeper " + figures(memory.zooKeeper())
                + " | JobManager " + figures(memory.jobManager()) + " | TaskManager " + figures(memory.taskManager());
    }

    private static String figures(ProcessMemory memory) {
        return memory.total().getMebiBytes() + " = "
                + memory.parts().entrySet().stream()
                        .map(part -> part.getKey() + " " + part.getValue().getMebiBytes())
                        .collect(Collectors.joining(", "));
    }
}
