package io.flinkmanaged.flink;

import io.flinkmanaged.model.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * The memory of one of Flink's processes as Flink's own calculators divide it.
 *
 * @param parts what it consists of, by Flink's names and in Flink's order; they add up to the total
 * @param jvmArguments what bounds the JVM: heap, direct memory and metaspace
 * @param settings the figures as Flink's keys, which the process is to be started with
 */
public record ProcessMemory(
        Map<String, MemorySize> parts, List<String> jvmArguments, SortedMap<String, String> settings) {

    /** Keeps copies. */
    public ProcessMemory {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
        jvmArguments = List.copyOf(jvmArguments);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /**
     * Divides the memory of a JobManager.
     *
     * @param configuration Flink's configuration
     * @throws InvalidInputException if its memory keys contradict each other
     */
    public static ProcessMemory ofJobManager(Configuration configuration) {
        try {
            JobManagerProcessSpec spec = JobManagerProcessUtils.processSpecFromConfig(configuration);
            Map<String, MemorySize> parts = new LinkedHashMap<>();
            parts.put("heap", spec.getJvmHeapMemorySize());
            parts.put("off-heap", spec.getJvmDirectMemorySize());
            parts.put("metaspace", spec.getJvmMetaspaceSize());
            parts.put("overhead", spec.getJvmOverheadSize());
            return new ProcessMemory(
                    parts,
                    words(JobManagerProcessUtils.generateJvmParametersStr(spec, configuration)),
                    settings(JobManagerProcessUtils.generateDynamicConfigsStr(spec)));
        } catch (IllegalConfigurationException | IllegalArgumentException e) {
            throw contradiction("jobmanager.memory", e);
        }
    }

    /**
     * Divides the memory of a TaskManager.
     *
     * @param configuration Flink's configuration
     * @throws InvalidInputException if its memory keys contradict each other
     */
    public static ProcessMemory ofTaskManager(Configuration configuration) {
        try {
            TaskExecutorProcessSpec spec = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
            Map<String, MemorySize> parts = new LinkedHashMap<>();
            parts.put("framework heap", spec.getFlinkMemory().getFrameworkHeap());
            parts.put("task heap", spec.getTaskHeapSize());
            parts.put("managed", spec.getManagedMemorySize());
            parts.put("framework off-heap", spec.getFlinkMemory().getFrameworkOffHeap());
            parts.put("task off-heap", spec.getTaskOffHeapSize());
            parts.put("network", spec.getNetworkMemSize());
            parts.put("metaspace", spec.getJvmMetaspaceSize());
            parts.put("overhead", spec.getJvmOverheadSize());
            return new ProcessMemory(
                    parts,
                    words(ProcessMemoryUtils.generateJvmParametersStr(spec)),
                    settings(TaskExecutorProcessUtils.generateDynamicConfigsStr(spec)));
        } catch (IllegalConfigurationException | IllegalArgumentException e) {
            throw contradiction("taskmanager.memory", e);
        }
    }

    /** Returns everything the process takes from its node. */
    public MemorySize total() {
        return parts.values().stream().reduce(MemorySize.ZERO, MemorySize::add);
    }

    private static List<String> words(String arguments) {
        return Arrays.asList(arguments.strip().split(" +", -1));
    }

    /** Flink gives a command line of {@code -D key=value}; no value of these has a blank. */
    private static SortedMap<String, String> settings(String arguments) {
        List<String> words = new ArrayList<>(words(arguments));
        words.removeIf("-D"::equals);
        SortedMap<String, String> settings = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            settings.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return settings;
    }

    private static InvalidInputException contradiction(String subject, RuntimeException e) {
        return InvalidInputException.of(
                        subject,
                        String.valueOf(e.getMessage()),
                        "figures that add up",
                        "Take back the overrides of " + subject + ".*, or choose a larger plan.")
                .because(e);
    }
}
