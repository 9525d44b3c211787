package io.flinkmanaged.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class AnonymousBesideADanglingKeyTest {

    @TempDir
    private Path directory;

    /** Google's classes look at the variable by themselves, wherever they think that nobody has told them enough. */
    @Test
    void aLocationWithoutCredentialsNeverLooksAtAKeyThatIsNotThere() throws Exception {
        ProcessBuilder program = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dlog4j2.configurationFile="
                                + Objects.requireNonNull(System.getProperty("log4j2.configurationFile")),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AnonymousProgram.class.getName()))
                .redirectErrorStream(true);
        program.environment()
                .put(GcsCredentials.VARIABLE, directory.resolve("dangling.json").toString());
        Process process = program.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(said).contains("stopped with gs://anybodys/anonymous/", "exact: true");
            assertThat(said).doesNotContain("dangling.json");
            assertThat(process.waitFor()).isZero();
        } finally {
            Process unused = process.destroyForcibly();
        }
    }
}
