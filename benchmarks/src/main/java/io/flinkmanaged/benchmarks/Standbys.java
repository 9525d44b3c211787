package io.flinkmanaged.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The prepared processes of nodes, as the operating system shows them. */
final class Standbys {

    private static final String MAIN_CLASS = "io.flinkmanaged.node.PreparedProcess";
    private static final long PAUSE_NANOS = 50_000_000;

    private Standbys() {}

    /** Returns whether a process only waits to take another's place. */
    static boolean waits(ProcessHandle process) {
        return place(process)
                .filter(place -> !Files.exists(place.resolve("begin")))
                .isPresent();
    }

    /** Waits until so many are ready. */
    static void await(Path processes, int count) throws TimeoutException {
        Stopwatch watch = Stopwatch.started();
        while (ready(processes) < count) {
            if (watch.seconds() > Patience.LIMIT.toSeconds()) {
                throw new TimeoutException("Not " + count + " prepared processes within " + Patience.LIMIT);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static long ready(Path processes) {
        return ProcessHandle.allProcesses()
                .filter(Standbys::waits)
                .flatMap(process -> place(process).stream())
                .filter(place -> place.startsWith(processes) && Files.exists(place.resolve("ready")))
                .count();
    }

    /** Where it is told to begin; empty if it is none that waits for that. */
    private static Optional<Path> place(ProcessHandle process) {
        try {
            Path proc = Path.of("/proc", Long.toString(process.pid()));
            List<String> command =
                    List.of(Files.readString(proc.resolve("cmdline")).split("\0", -1));
            int main = command.indexOf(MAIN_CLASS);
            return main < 0
                    ? Optional.empty()
                    : Optional.of(proc.resolve("cwd").toRealPath().resolve(command.get(main + 1)))
                            .filter(Files::isDirectory);
        } catch (IOException e) {
            // It has ended, or is another user's.
            return Optional.empty();
        }
    }
}
