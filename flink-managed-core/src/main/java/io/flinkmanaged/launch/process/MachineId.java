package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.LinuxProcess;
import io.flinkmanaged.model.ProcessIdentity;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * By what this machine is told from others that have a directory of the same path: what runs there cannot be seen in this
 * one's {@code /proc}, and its absence here proves nothing.
 *
 * <p>A machine is its host name and its {@code /etc/machine-id}; copies of an image may have one id. A container has neither for
 * long, and what ran in one has ended with it: it is known by an id that lies in the directory, on the volume that its
 * successor gets. So is a machine without an id. Two that have one volume at the same time are taken for one.
 */
final class MachineId {

    private static final String FILE = "id";

    private MachineId() {}

    /**
     * Returns the id of this machine for a directory.
     *
     * @param home the directory; made if absent, and given an id if it needs one and has none
     * @param time makes an id
     * @throws InvalidInputException if the directory has none and cannot be written
     */
    static String of(Path home, TimeSource time) {
        return of(ProcessIdentity.current(), home, time);
    }

    static String of(ProcessIdentity here, Path home, TimeSource time) {
        Optional<String> machine =
                here.linux().filter(LinuxProcess::isOfNoContainer).flatMap(LinuxProcess::machineId);
        return machine.map(id -> here.host() + " " + id).orElseGet(() -> "volume " + idIn(home, time));
    }

    private static String idIn(Path home, TimeSource time) {
        Path file = Directories.create(home).resolve(FILE);
        try {
            boolean unused = Files.exists(file)
                    || DurableFiles.createIfAbsent(file, time.newId().getBytes(UTF_8));
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw InvalidInputException.of(
                            "directory " + home, e, "one that can be written", "Name another one, or make it writable.")
                    .because(e);
        }
    }
}
