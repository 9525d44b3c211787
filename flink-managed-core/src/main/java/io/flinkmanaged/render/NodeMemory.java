package io.flinkmanaged.render;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.flink.ProcessMemory;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/**
 * How the memory of one node of a cluster is divided; every node of a cluster alike.
 *
 * <p>In process it is advice: all clusters share the embedder's heap.
 *
 * @param spec what is wanted
 * @param node what the node has
 * @param operatingSystem what is left to the operating system
 * @param zooKeeper the ZooKeeper peer
 * @param jobManager the JobManager, divided by Flink's own calculator
 * @param taskManager the TaskManager, divided by Flink's own calculator
 */
public record NodeMemory(
        ClusterSpec spec,
        MemorySize node,
        MemorySize operatingSystem,
        ProcessMemory zooKeeper,
        ProcessMemory jobManager,
        ProcessMemory taskManager) {

    /**
     * Divides the memory of a spec's node.
     *
     * @param spec what is wanted
     * @return the division, whether or not it fits
     * @throws InvalidInputException if overrides of memory keys contradict each other
     */
    public static NodeMemory of(ClusterSpec spec) {
        return of(spec, ClusterRenderer.ofProcesses(spec, List.of()));
    }

    static NodeMemory of(ClusterSpec spec, LayeredConfiguration configuration) {
        MemoryDivision division = new MemoryDivision(spec, List.of());
        Configuration flinks = configuration.toFlink();
        return new NodeMemory(
                spec,
                spec.plan().nodeMemory(),
                MemorySize.ofMebiBytes(division.operatingSystem()),
                zooKeeper(division.zooKeeper()),
                ProcessMemory.ofJobManager(flinks),
                ProcessMemory.ofTaskManager(flinks));
    }

    /**
     * Judges the memory of a spec's node.
     *
     * @param spec what is wanted
     * @return one finding, with the table, if it does not fit
     */
    public static Optional<Finding> judge(ClusterSpec spec) {
        if (spec.overrides().isEmpty()) {
            // What is divided here fits every plan; Flink's calculators are many classes for the first cluster of a
            // JVM.
            return Optional.empty();
        }
        try {
            NodeMemory memory = of(spec);
            return memory.fits()
                    ? Optional.empty()
                    : Optional.of(new Finding(
                            "memory of a node of plan " + spec.plan().name(),
                            mibi(memory.taken()) + " MiB",
                            "at most its " + mibi(memory.node()) + " MiB",
                            "Take back the overrides of memory keys, or choose a larger plan:\n" + memory.toTable()));
        } catch (InvalidInputException e) {
            Finding finding = e.findings().get(0);
            return Optional.of(new Finding(
                    finding.subject(),
                    finding.value(),
                    finding.expected(),
                    finding.remedy() + " Without overrides:\n"
                            + of(withoutOverrides(spec)).toTable()));
        }
    }

    /** Returns whether the processes and the operating system have no more than the node. */
    public boolean fits() {
        return taken().compareTo(node) <= 0;
    }

    /** Returns what the processes and the operating system take together. */
    public MemorySize taken() {
        return operatingSystem.add(zooKeeper.total()).add(jobManager.total()).add(taskManager.total());
    }

    /** Returns the division as lines for people: MiB of each part of each process, and which limit holds it. */
    public String toTable() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%d MiB a node, plan %s, %s, %d slots",
                mibi(node),
                spec.plan().name(),
                spec.stateBackend().flinkName(),
                spec.taskSlots()));
        lines.add(line("operating system", operatingSystem));
        addProcess(lines, "ZooKeeper", zooKeeper);
        addProcess(lines, "JobManager", jobManager);
        addProcess(lines, "TaskManager", taskManager);
        lines.add(
                fits()
                        ? line("not given to anybody", node.subtract(taken()))
                        : line("too much by", taken().subtract(node)));
        return String.join("\n", lines);
    }

    private static void addProcess(List<String> lines, String name, ProcessMemory memory) {
        lines.add(line(name, memory.total()) + "  " + String.join(" ", memory.jvmArguments()));
        memory.parts().forEach((part, size) -> lines.add(line("  " + part, size)));
    }

    private static String line(String name, MemorySize size) {
        return String.format(Locale.ROOT, "  %-22s %6d", name, mibi(size));
    }

    private static long mibi(MemorySize size) {
        return size.getBytes() >> 20;
    }

    private static ClusterSpec withoutOverrides(ClusterSpec spec) {
        return ClusterSpec.named(spec.name().value())
                .plan(spec.plan())
                .taskSlots(spec.taskSlots())
                .stateBackend(spec.stateBackend())
                .build();
    }

    private static ProcessMemory zooKeeper(long total) {
        long metaspace = 40;
        long direct = 8;
        long overhead = 24;
        long heap = total - metaspace - direct - overhead;
        Map<String, MemorySize> parts = new LinkedHashMap<>();
        parts.put("heap", MemorySize.ofMebiBytes(heap));
        parts.put("off-heap", MemorySize.ofMebiBytes(direct));
        parts.put("metaspace", MemorySize.ofMebiBytes(metaspace));
        parts.put("overhead", MemorySize.ofMebiBytes(overhead));
        return new ProcessMemory(
                parts,
                Arrays.asList(
                        "-Xmx" + heap + "m",
                        "-Xms" + heap + "m",
                        "-XX:MaxDirectMemorySize=" + direct + "m",
                        "-XX:MaxMetaspaceSize=" + metaspace + "m"),
                new TreeMap<>());
    }
}
