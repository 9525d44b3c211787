package io.flinkmanaged.examples;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** Finds this module's {@code target} directory, from wherever the program is started. */
final class TargetDirectory {

    private TargetDirectory() {}

    /** Returns the directory that this class was built into; the working directory if that is not known. */
    static Path find() {
        CodeSource source = TargetDirectory.class.getProtectionDomain().getCodeSource();
        try {
            Path built = source == null
                    ? null
                    : Path.of(source.getLocation().toURI()).getParent();
            if (built != null && built.endsWith("target")) {
                return built;
            }
        } catch (URISyntaxException e) {
            // A location that is no path: it was not built here.
        }
        return Path.of("").toAbsolutePath();
    }
}
