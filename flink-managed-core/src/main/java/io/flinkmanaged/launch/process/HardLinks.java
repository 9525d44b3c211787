package io.flinkmanaged.launch.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are in two places and stored once, where that is possible. */
final class HardLinks {

    private HardLinks() {}

    /** Returns the target. */
    static Path linkOrCopy(Path jar, Path target) throws IOException {
        try {
            return Files.createLink(target, jar.toRealPath());
        } catch (IOException | UnsupportedOperationException e) {
            // Another file system, or one without links.
            return Files.copy(jar, target);
        }
    }
}
