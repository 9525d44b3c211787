package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.flink.configuration.MemorySize;

/**
 * What a Linux machine, or a container on one, has for nodes.
 *
 * @param proc where its kernel tells of itself: {@code /proc}
 * @param groups what it lets this JVM and its nodes have of its memory
 * @param path the directories in which programs are looked for
 */
record LinuxMachine(Path proc, ControlGroups groups, List<Path> path) {

    private static final Pattern MEMORY = Pattern.compile("(\\w+):\\s+(\\d+) kB");
    private static final long KIBI_A_MEBI = 1024;
    private static final int BITS_OF_MEBI = 20;

    /**
     * Returns this one.
     *
     * @param proc {@code /proc}
     * @param controlGroups {@code /sys/fs/cgroup}
     */
    static LinuxMachine of(Path proc, Path controlGroups) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        List<Path> directories = new ArrayList<>();
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty()) {
                directories.add(Path.of(directory));
            }
        }
        return new LinuxMachine(proc, new ControlGroups(controlGroups, proc), directories);
    }

    /**
     * Judges whether it can run nodes of a spec.
     *
     * @param spec what is wanted
     * @param nodes how many of its nodes
     * @param java the program that is to start its JVMs
     */
    List<Finding> judge(ClusterSpec spec, int nodes, Path java) {
        List<Finding> findings = new ArrayList<>();
        if (!Files.isExecutable(java)) {
            findings.add(new Finding(
                    "Java for nodes",
                    java + " is not there",
                    "the program of the Java that runs this JVM",
                    "Run this program with a JDK or JRE 17 that has its launcher, not with a jlink image without it."));
        }
        if (path.stream().noneMatch(directory -> Files.isExecutable(directory.resolve("setsid")))) {
            findings.add(new Finding(
                    "program setsid",
                    "not found in " + path,
                    "there, so that processes outlive this JVM",
                    "Install util-linux, or add its directory to PATH."));
        }
        judgeMemory(spec, nodes).ifPresent(findings::add);
        return findings;
    }

    /** What the machine does not have is refused; what others use now may be free when it is needed. */
    private Optional<Finding> judgeMemory(ClusterSpec spec, int nodes) {
        long needed = (long) nodes * spec.plan().nodeMemory().getMebiBytes();
        String expected =
                needed + " MiB for " + nodes + " nodes of plan " + spec.plan().name();
        OptionalLong total = mebiBytes("MemTotal");
        if (total.isPresent() && total.getAsLong() < needed) {
            return Optional.of(new Finding(
                    "memory of this machine",
                    total.getAsLong() + " MiB",
                    "at least " + expected,
                    "Choose a smaller plan, or a larger machine."));
        }
        OptionalLong limit = inMebi(groups.limit());
        if (limit.isPresent() && limit.getAsLong() < needed) {
            return Optional.of(new Finding(
                    "memory limit of this container",
                    limit.getAsLong() + " MiB",
                    "at least " + expected,
                    "Choose a smaller plan, or raise the limit of the container, service or control group."));
        }
        OptionalLong available = available();
        if (available.isPresent() && available.getAsLong() < needed) {
            return Optional.of(new Finding(
                            "memory of this machine",
                            available.getAsLong() + " MiB not in use",
                            "at least " + expected,
                            "Close another cluster or program, before the operating system has to kill one.")
                    .asAdvice());
        }
        return Optional.empty();
    }

    /** Returns whether so much memory is not in use now; also if it does not tell. */
    boolean hasFree(MemorySize memory) {
        return available().orElse(Long.MAX_VALUE) >= memory.getMebiBytes();
    }

    private OptionalLong available() {
        return LongStream.concat(mebiBytes("MemAvailable").stream(), inMebi(groups.free()).stream())
                .min();
    }

    private static OptionalLong inMebi(OptionalLong bytes) {
        return bytes.stream().map(count -> count >> BITS_OF_MEBI).findFirst();
    }

    private OptionalLong mebiBytes(String name) {
        try {
            for (String line : Files.readAllLines(proc.resolve("meminfo"))) {
                Matcher entry = MEMORY.matcher(line);
                if (entry.matches() && entry.group(1).equals(name)) {
                    return OptionalLong.of(Long.parseLong(entry.group(2)) / KIBI_A_MEBI);
                }
            }
        } catch (IOException e) {
            // Not told: then nothing stands against it.
        }
        return OptionalLong.empty();
    }
}
