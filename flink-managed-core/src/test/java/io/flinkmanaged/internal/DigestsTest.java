package io.flinkmanaged.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {

    /** FIPS 180-2, appendix B.1. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    @Test
    void areThoseOfTheStandard() throws Exception {
        assertThat(Digests.sha256("abc".getBytes(UTF_8))).isEqualTo(OF_ABC);
        assertThat(Digests.sha256(Files.writeString(directory.resolve("abc"), "abc")))
                .isEqualTo(OF_ABC);
    }

    @Test
    void ofTextsTellWhereOneEndsAndTheNextBegins() {
        assertThat(List.of(
                        List.of("ab", "c"),
                        List.of("a", "bc"),
                        List.of("abc"),
                        List.of("abc", ""),
                        List.of("", "abc"),
                        List.of("c", "ab")))
                .extracting(parts -> Digests.sixteenBytes(parts))
                .doesNotHaveDuplicates()
                .allSatisfy(bytes -> assertThat(bytes).hasSize(16));
        assertThat(Digests.sixteenBytes(List.of("a", "b"))).isEqualTo(Digests.sixteenBytes(List.of("a", "b")));
    }
}
