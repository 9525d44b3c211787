package io.flinkmanaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes whose working directory is below a test's directory, found without the library. */
public final class ProcessesBelow {

    private ProcessesBelow() {}

    /** Returns those that live. */
    public static List<ProcessHandle> of(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(process -> worksIn(process, directory))
                .toList();
    }

    /** Ends them. */
    public static void kill(Path directory) throws IOException {
        for (ProcessHandle process : of(directory.toRealPath())) {
            if (process.destroyForcibly()) {
                ProcessHandle unused = process.onExit().join();
            }
        }
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
