package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRefTest {

    @Test
    void isReadBackFromItsText() {
        for (SecretRef ref : new SecretRef[] {
            SecretRef.env("S3_KEY"), SecretRef.file(Path.of("/run/secrets/s3")), new SecretRef("vault", "a/b#c:d")
        }) {
            assertThat(SecretRef.parse(ref.toString())).contains(ref);
        }
        assertThat(SecretRef.env("S3_KEY")).hasToString("${secret:env:S3_KEY}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hunter2", "${secret:env:}", "${secret::A}", "${env:A}", "x${secret:env:A}", "${secret:env:A"
            })
    void isNothingElse(String text) {
        assertThat(SecretRef.parse(text)).isEmpty();
    }

    @Test
    void isFoundWithinAText() {
        assertThat(SecretRef.in("user=${secret:env:U}&password=${secret:env:P}"))
                .containsExactly(SecretRef.env("U"), SecretRef.env("P"));
        assertThat(SecretRef.in("${env:A}")).isEmpty();
        assertThat(SecretRef.isMalformedIn("a ${secret:env:U} b")).isFalse();
        assertThat(SecretRef.isMalformedIn("a ${secret:U} b")).isTrue();
    }

    @Test
    void refusesWhatCannotBeWritten() {
        assertThatThrownBy(() -> SecretRef.env("a}b")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new SecretRef("1x", "a")).isInstanceOf(InvalidInputException.class);
    }
}
