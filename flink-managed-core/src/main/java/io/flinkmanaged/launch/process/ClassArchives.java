package io.flinkmanaged.launch.process;

import io.flinkmanaged.render.RenderedProcess.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The class-data archives (AppCDS) of a distribution on a host, one of each kind of process: {@code
 * <distribution>-classes/<Java version>/taskmanager.jsa}, or wherever they are being made. A JVM maps its archive into
 * memory in the place of reading, parsing and verifying ten thousand classes; one that does not fit it passes over.
 *
 * @param host where they are
 * @param directory which holds them
 */
record ClassArchives(Host host, Path directory) {

    /** Returns those of a distribution that was installed on a host, for the Java there. */
    static ClassArchives of(Host host, Path installed) {
        return new ClassArchives(
                host, allOf(installed).resolve(host.javaVersion().replaceAll("[^A-Za-z0-9.+-]", "_")));
    }

    /** Returns the directory of those of a distribution, for whichever Java. */
    static Path allOf(Path installed) {
        return installed.resolveSibling(installed.getFileName() + "-classes");
    }

    boolean areComplete() {
        return Arrays.stream(Kind.values()).allMatch(kind -> host.has(of(kind)));
    }

    /** Returns what a JVM is told to use its archive; nothing if there is none. */
    List<String> arguments(Kind kind) {
        return host.has(of(kind)) ? List.of("-XX:SharedArchiveFile=" + of(kind)) : List.of();
    }

    /** Returns what a JVM is told to write its archive when it ends, and no word about classes that cannot be in it. */
    List<String> recording(Kind kind) {
        return List.of("-XX:ArchiveClassesAtExit=" + of(kind), "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
    }

    private Path of(Kind kind) {
        return directory.resolve(kind.directory() + ".jsa");
    }
}
