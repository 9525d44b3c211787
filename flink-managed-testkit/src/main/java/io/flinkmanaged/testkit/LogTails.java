package io.flinkmanaged.testkit;

import io.flinkmanaged.internal.Directories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The last lines of the logs of processes. */
final class LogTails {

    private static final int LINES = 20;
    private static final int LONGEST_TAIL = 16 * 1024;

    private LogTails() {}

    /** Returns the last lines of each log that is not empty, by its path; none if nobody logs there. */
    static SortedMap<Path, List<String>> below(Path directory) {
        SortedMap<Path, List<String>> tails = new TreeMap<>();
        try {
            SortedSet<Path> logs = new TreeSet<>();
            Directories.visitFiles(directory, (file, attributes) -> {
                if (isLog(file) && attributes.size() > 0) {
                    logs.add(file);
                }
            });
            for (Path log : logs) {
                tails.put(log, tail(log));
            }
        } catch (IOException e) {
            // What can be told is told: the processes may be moving their logs away at this moment.
            return tails;
        }
        return tails;
    }

    private static boolean isLog(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".log") || name.endsWith(".out");
    }

    private static List<String> tail(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), LONGEST_TAIL));
            int unused = channel.read(bytes, channel.size() - bytes.capacity());
            List<String> lines =
                    new String(bytes.array(), StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        }
    }
}
