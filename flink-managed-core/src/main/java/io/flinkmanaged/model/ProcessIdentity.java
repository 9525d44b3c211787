package io.flinkmanaged.model;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Which process on which host: a pid alone is used again, a pid with its start is not.
 *
 * @param host the host's name as the process itself knew it; containers on several machines may share one
 * @param pid the process id on that host, or in the process's container
 * @param startedAtMillis when it was started as the JDK works it out, in milliseconds since 1970, or 0 where it cannot; it
 *     shifts when the clock is set, so it proves nothing dead
 * @param linux what Linux tells of it; empty on other systems
 */
public record ProcessIdentity(String host, long pid, long startedAtMillis, Optional<LinuxProcess> linux) {

    /** What the JDK asks the system for, too, as a file that nobody needs a name service for. */
    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    /** What Linux has before anybody gave the machine a name. */
    private static final String NO_NAME = "(none)";

    /** Once a JVM: what it has written and what it looks for must be of one name, should the host get another one meanwhile. */
    private static final class Here {
        static final String HOST_NAME = hostName(LINUX_HOST_NAME);
    }

    private static final class Current {
        static final ProcessIdentity IDENTITY = of(ProcessHandle.current());
    }

    /** Whether a process lives. */
    public enum Liveness {
        /** It runs. */
        ALIVE,
        /** It is proved to have ended. */
        DEAD,
        /** It cannot be told from here: it ran on another host or in another container, or left no certain trace. */
        UNKNOWN
    }

    /**
     * Returns whether the process lives and is being ended by the kernel, beyond recall: its death is a matter of moments. False
     * where that cannot be told.
     */
    public boolean isEnding() {
        return linux.isPresent() && liveness() == Liveness.ALIVE && LinuxProcess.isEnding(pid);
    }

    /** Returns the identity of the process that calls. */
    public static ProcessIdentity current() {
        return Current.IDENTITY;
    }

    /**
     * Returns the identity of a process of this host.
     *
     * @param process a living process that this one may see
     */
    public static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(Here.HOST_NAME, process.pid(), startOf(process), LinuxProcess.of(process.pid()));
    }

    /**
     * Reads an identity back from the fields of a record.
     *
     * @param text returns a text field, or throws if it is absent
     * @param number returns a number field, or throws if it is absent
     * @param optionalText returns a text field that may be absent
     */
    public static ProcessIdentity fromFields(
            Function<String, String> text,
            ToLongFunction<String> number,
            Function<String, Optional<String>> optionalText) {
        Optional<LinuxProcess> linux = optionalText
                .apply("boot")
                .map(boot -> new LinuxProcess(
                        boot,
                        text.apply("pidNamespace"),
                        number.applyAsLong("startTicks"),
                        optionalText.apply("machine")));
        return new ProcessIdentity(text.apply("host"), number.applyAsLong("pid"), number.applyAsLong("started"), linux);
    }

    /** Returns all of it as fields of a record, in a fixed order, for {@link #fromFields}. */
    public Map<String, Object> toFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("host", host);
        fields.put("pid", pid);
        fields.put("started", startedAtMillis);
        linux.ifPresent(process -> {
            fields.put("boot", process.bootId());
            fields.put("pidNamespace", process.pidNamespace());
            fields.put("startTicks", process.startTicks());
            process.machineId().ifPresent(id -> fields.put("machine", id));
        });
        return fields;
    }

    /** Returns whether this process lives, as far as the calling process can tell; what is not proved is unknown. */
    public Liveness liveness() {
        return livenessSeenBy(current());
    }

    Liveness livenessSeenBy(ProcessIdentity observer) {
        if (!host.equals(observer.host)) {
            return Liveness.UNKNOWN;
        }
        if (linux.isPresent() && observer.linux.isPresent()) {
            return linux.get().liveness(pid, observer.linux.get());
        }
        // If one of the two told more than the other, they may be two containers.
        return linux.equals(observer.linux) ? livenessByPid() : Liveness.UNKNOWN;
    }

    private Liveness livenessByPid() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return Liveness.DEAD;
        }
        return startedAtMillis != 0 && startOf(process.get()) == startedAtMillis ? Liveness.ALIVE : Liveness.UNKNOWN;
    }

    /** Returns {@code pid 4711 on host-a}. */
    @Override
    public String toString() {
        return "pid " + pid + " on " + host;
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /**
     * Returns the host's name without asking a name service, where that is possible: one that does not answer when the machine
     * starts would make another place of it. On Linux, the JDK's own answer is the same text, if it gets as far as that.
     */
    static String hostName(Path linux) {
        try {
            String name = Files.readString(linux).strip();
            return name.isEmpty() || name.equals(NO_NAME) ? hostNameOfJdk() : name;
        } catch (IOException e) {
            // No Linux, or one without /proc.
            return hostNameOfJdk();
        }
    }

    private static String hostNameOfJdk() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The JVM's own name is "pid@host"; it asks the same name service, and says "localhost" then.
            String name = ManagementFactory.getRuntimeMXBean().getName();
            return name.substring(name.indexOf('@') + 1);
        }
    }
}
