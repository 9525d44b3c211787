package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Throwables;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedactionTest {

    private static final String SECRET = "hunter2/with+signs";

    private final Secrets secrets = Secrets.of(List.of(new Vault()));

    @AfterEach
    void forget() {
        secrets.close();
    }

    @Test
    void hidesWhatWasResolvedUntilItsResolverIsClosed() {
        assertThat(Redaction.hide("key: " + SECRET)).contains(SECRET);
        assertThat(secrets.resolveIn("a=${secret:vault:one}&b=${secret:vault:one}"))
                .isEqualTo("a=" + SECRET + "&b=" + SECRET);
        assertThat(Redaction.hide("key: " + SECRET + ".")).isEqualTo("key: ….");
        try (Secrets others = Secrets.of(List.of(new Vault()))) {
            assertThat(others.resolve(new SecretRef("vault", "one"))).isEqualTo(SECRET);
        }
        assertThat(Redaction.hide(SECRET)).isEqualTo("…");
        secrets.close();
        assertThat(Redaction.hide(SECRET)).isEqualTo(SECRET);
    }

    @Test
    void knowsASecretInUrlsInBase64AndByItsLines() {
        secrets.resolve(new SecretRef("vault", "one"));
        secrets.resolve(new SecretRef("vault", "pem"));
        assertThat(Redaction.hide("http://h/?p=hunter2%2Fwith%2Bsigns")).isEqualTo("http://h/?p=…");
        assertThat(Redaction.hide("Basic aHVudGVyMi93aXRoK3NpZ25z")).isEqualTo("Basic …");
        assertThat(Redaction.hide("x MIIEvQIBADANBg y")).isEqualTo("x … y");
    }

    /** A secret of one letter would hide every text. */
    @Test
    void hidesAShortSecretWhereItStandsAlone() {
        secrets.resolve(new SecretRef("vault", "short"));
        assertThat(Redaction.hide("password x is wrong; expected: example"))
                .isEqualTo("password … is wrong; expected: example");
    }

    @Test
    void leavesNothingOfASecretInExceptionsFindingsAndTheirCauses() {
        secrets.resolve(new SecretRef("vault", "one"));
        IllegalStateException inner = new IllegalStateException("denied: " + SECRET);
        IllegalArgumentException outer = new IllegalArgumentException("no login", inner);
        outer.addSuppressed(new IllegalStateException("nor with " + SECRET));
        ManagedFlinkException thrown =
                new ManagedFlinkException(Code.LAUNCH_FAILED, "flights", "not started: " + SECRET, outer);
        assertThat(Throwables.getStackTraceAsString(thrown))
                .doesNotContain("hunter2")
                .contains(
                        "java.lang.IllegalArgumentException: no login",
                        "denied: …",
                        "nor with …",
                        "RedactionTest.java");
        assertThat(new Finding("a", SECRET, SECRET, SECRET).toString()).doesNotContain("hunter2");
    }

    @Test
    void leavesOtherCausesAsTheyAre() {
        secrets.resolve(new SecretRef("vault", "one"));
        IllegalStateException cause = new IllegalStateException("denied");
        assertThat(new ManagedFlinkException(Code.LAUNCH_FAILED, "flights", "not started", cause))
                .hasCause(cause);
    }

    private static final class Vault implements SecretProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("vault");
        }

        @Override
        public Optional<String> find(SecretRef reference) {
            return switch (reference.name()) {
                case "one" -> Optional.of(SECRET);
                case "short" -> Optional.of("x");
                case "pem" -> Optional.of("-----BEGIN-----\nMIIEvQIBADANBg\nabc\n-----END-----\n");
                default -> Optional.empty();
            };
        }
    }
}
