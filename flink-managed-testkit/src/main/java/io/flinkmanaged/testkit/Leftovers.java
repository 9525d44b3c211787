package io.flinkmanaged.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that work in a test's directory when nobody should any more: found without the library, which lost them. */
final class Leftovers {

    private static final int DEAD_WITHIN_SECONDS = 10;

    private Leftovers() {}

    /** Ends them, and returns when they are dead. */
    static void end(Path directory) throws Exception {
        for (ProcessHandle process : of(directory.toRealPath())) {
            if (process.destroyForcibly()) {
                ProcessHandle unused = process.onExit().get(DEAD_WITHIN_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    static List<ProcessHandle> of(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(process -> worksIn(process, directory))
                .toList();
    }

    private static boolean worksIn(ProcessHandle process, Path directory) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .startsWith(directory);
        } catch (IOException e) {
            // It has ended, or is another user's.
            return false;
        }
    }
}
