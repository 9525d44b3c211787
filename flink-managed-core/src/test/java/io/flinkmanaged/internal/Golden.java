package io.flinkmanaged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that are pinned in {@code src/test/resources/golden}. After a change that is meant, {@code -DwriteGolden} writes
 * them anew; what changed is then in the commit.
 */
public final class Golden {

    private static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private Golden() {}

    /** Holds a text against the file of a name. */
    public static void check(String name, String text) {
        Path file = DIRECTORY.resolve(name);
        try {
            if (System.getProperty("writeGolden") != null) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            assertThat(text)
                    .as("%s; if the change is meant, run the test with -DwriteGolden", name)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
