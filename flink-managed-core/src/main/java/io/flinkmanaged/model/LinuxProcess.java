package io.flinkmanaged.model;

import io.flinkmanaged.model.ProcessIdentity.Liveness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Linux tells of a process beyond its pid. The start in ticks is counted from the machine's start, so that setting
 * the clock does not change it; a pid means something within its PID namespace only.
 *
 * @param bootId which start of the kernel: {@code /proc/sys/kernel/random/boot_id}
 * @param pidNamespace the namespace of its pid: the target of {@code /proc/<pid>/ns/pid}
 * @param startTicks when it was started: field 22 of {@code /proc/<pid>/stat}
 * @param machineId which installation: {@code /etc/machine-id}; empty if there is none
 */
public record LinuxProcess(String bootId, String pidNamespace, long startTicks, Optional<String> machineId) {

    /** The namespace that is no container's; its number is fixed in the kernel (PROC_PID_INIT_INO). */
    private static final String MACHINES_OWN = "pid:[4026531836]";

    private static final Path PROC = Path.of("/proc");

    /** Where the start is in {@code stat} after the name, which ends with the last bracket and may contain anything. */
    private static final int START_AFTER_NAME = 19;

    private static final int FLAGS_AFTER_NAME = 6;
    private static final int THREADS_AFTER_NAME = 17;
    /** The kernel's PF_EXITING. */
    private static final long EXITING = 0x4;
    /** SIGKILL, in a mask of signals. */
    private static final long KILL = 1L << (9 - 1);

    static Optional<LinuxProcess> of(long pid) {
        OptionalLong startTicks = startTicks(pid);
        try {
            return startTicks.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new LinuxProcess(
                            Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
                                    .strip(),
                            Files.readSymbolicLink(PROC.resolve(pid + "/ns/pid"))
                                    .toString(),
                            startTicks.getAsLong(),
                            machineIdOfHere()));
        } catch (IOException e) {
            // No Linux, or one that tells strangers nothing: pid and start must do.
            return Optional.empty();
        }
    }

    /**
     * Returns whether this process lives, as a process of an equal host name can tell.
     *
     * @param pid its pid
     * @param observer the process that asks
     */
    Liveness liveness(long pid, LinuxProcess observer) {
        if (!bootId.equals(observer.bootId)) {
            return endedWithItsBoot(observer) ? Liveness.DEAD : Liveness.UNKNOWN;
        }
        return pidNamespace.equals(observer.pidNamespace) ? look(pid) : Liveness.UNKNOWN;
    }

    /**
     * Whether the machine was started anew since: containers of one host name and image may have equal ids and still be
     * on two machines, so neither process may be a container's.
     */
    private boolean endedWithItsBoot(LinuxProcess observer) {
        return machineId.isPresent()
                && machineId.equals(observer.machineId)
                && isOfNoContainer()
                && observer.isOfNoContainer();
    }

    /** Returns whether it runs in the machine's own PID namespace. */
    public boolean isOfNoContainer() {
        return pidNamespace.equals(MACHINES_OWN);
    }

    private Liveness look(long pid) {
        if (hasEnded(pid)) {
            return Liveness.DEAD;
        }
        OptionalLong now = startTicks(pid);
        if (now.isPresent()) {
            return now.getAsLong() == startTicks ? Liveness.ALIVE : Liveness.DEAD;
        }
        // Mounted with "hidepid", /proc shows neither the processes of others nor the first of all.
        boolean seesAll = Files.exists(PROC.resolve("1"));
        return seesAll && Files.notExists(PROC.resolve(Long.toString(pid))) ? Liveness.DEAD : Liveness.UNKNOWN;
    }

    private static boolean hasEnded(long pid) {
        try {
            return hasEnded(Files.readString(PROC.resolve(pid + "/stat")));
        } catch (IOException e) {
            // Then there is no zombie of this pid.
            return false;
        }
    }

    /**
     * A zombie does nothing any more; it only waits for a parent to take note, and some containers have none that does. But
     * the state is that of the first thread: while others have not ended, they hold the files and ports that they share.
     */
    static boolean hasEnded(String stat) {
        String[] fields = fieldsAfterName(stat);
        boolean lastThread = fields.length <= THREADS_AFTER_NAME || Long.parseLong(fields[THREADS_AFTER_NAME]) <= 1;
        return fields[0].equals("X") || (fields[0].equals("Z") && lastThread);
    }

    /**
     * Returns whether the kernel is ending a process: it has been sent SIGKILL, or exits. It does nothing of its own any more,
     * and its end comes when its memory is given back.
     *
     * @param pid its pid
     */
    static boolean isEnding(long pid) {
        try {
            return isEnding(
                    Files.readString(PROC.resolve(pid + "/stat")), Files.readString(PROC.resolve(pid + "/status")));
        } catch (IOException e) {
            // It has ended, or cannot be seen: then its end itself must tell.
            return false;
        }
    }

    /** Reads a line such as {@code 42 (a) b) S 1 …}, and lines such as {@code SigPnd: 0000000000000100}. */
    static boolean isEnding(String stat, String status) {
        String[] fields = fieldsAfterName(stat);
        boolean exits = fields.length > FLAGS_AFTER_NAME && (Long.parseLong(fields[FLAGS_AFTER_NAME]) & EXITING) != 0;
        return exits
                || status.lines()
                        .filter(line -> line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .anyMatch(pending -> (Long.parseUnsignedLong(pending, 16) & KILL) != 0);
    }

    private static OptionalLong startTicks(long pid) {
        try {
            return startTicks(Files.readString(PROC.resolve(pid + "/stat")));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Reads the start from a line such as {@code 42 (a) b) S 1 …}. */
    static OptionalLong startTicks(String stat) {
        String[] afterName = fieldsAfterName(stat);
        try {
            return afterName.length > START_AFTER_NAME
                    ? OptionalLong.of(Long.parseLong(afterName[START_AFTER_NAME].strip()))
                    : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static String[] fieldsAfterName(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    }

    private static Optional<String> machineIdOfHere() {
        try {
            return Optional.of(Files.readString(Path.of("/etc/machine-id")).strip())
                    .filter(id -> !id.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
