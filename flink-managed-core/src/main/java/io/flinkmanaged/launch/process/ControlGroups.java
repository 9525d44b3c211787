package io.flinkmanaged.launch.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory the control groups of this JVM leave it, and what it starts: that is of the same groups. In a container
 * they are what counts, because {@code /proc/meminfo} tells of the whole machine there.
 *
 * @param root where the kernel shows them: {@code /sys/fs/cgroup}
 * @param proc where it tells which are this JVM's: {@code /proc}
 */
record ControlGroups(Path root, Path proc) {

    private static final Figures V2 = new Figures("memory.max", "memory.current", "inactive_file");
    private static final Figures V1 =
            new Figures("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");

    /** Returns the lowest limit, in bytes; empty if there is none. */
    OptionalLong limit() {
        return groups().stream().flatMapToLong(group -> group.limit().stream()).min();
    }

    /** Returns what may still be taken before a limit is reached, in bytes; empty if there is none. */
    OptionalLong free() {
        return groups().stream().flatMapToLong(group -> group.free().stream()).min();
    }

    private List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (String line : linesOf(proc.resolve("self/cgroup"))) {
            // Such as "4:cpu,memory:/docker/0a1b" of version 1, "0::/system.slice" of version 2.
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[1].isEmpty()) {
                groups.addAll(upwards(root, fields[2], V2));
            } else if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains("memory")) {
                groups.addAll(upwards(root.resolve("memory"), fields[2], V1));
            }
        }
        return groups;
    }

    /** A container may see its own group as the topmost one, and still be told its name outside. */
    private static List<Group> upwards(Path top, String name, Figures figures) {
        List<Group> groups = new ArrayList<>();
        Path group = Path.of(top.toString(), name).normalize();
        while (group.startsWith(top) && !group.equals(top)) {
            groups.add(new Group(group, figures));
            group = group.resolveSibling(".").normalize();
        }
        groups.add(new Group(top, figures));
        return groups;
    }

    private static List<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            // Not told: then it limits nothing.
            return List.of();
        }
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            // "max", or more than anybody has.
            return OptionalLong.empty();
        }
    }

    /** What a version of the kernel's interface calls its files, and the part of memory.stat that can be given back. */
    private record Figures(String limit, String used, String idle) {}

    private record Group(Path directory, Figures figures) {

        OptionalLong limit() {
            return numberIn(figures.limit());
        }

        /** Counts as Kubernetes does: files that nobody has read for a while make room at once. */
        OptionalLong free() {
            OptionalLong limit = limit();
            OptionalLong used = numberIn(figures.used());
            return limit.isEmpty() || used.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Math.max(0, limit.getAsLong() - Math.max(0, used.getAsLong() - idle())));
        }

        private long idle() {
            return linesOf(directory.resolve("memory.stat")).stream()
                    .map(line -> line.split(" ", -1))
                    .filter(fields -> fields.length == 2 && fields[0].equals(figures.idle()))
                    .flatMapToLong(fields -> number(fields[1]).stream())
                    .findFirst()
                    .orElse(0);
        }

        private OptionalLong numberIn(String file) {
            return linesOf(directory.resolve(file)).stream()
                    .flatMapToLong(line -> number(line.strip()).stream())
                    .findFirst();
        }
    }
}
