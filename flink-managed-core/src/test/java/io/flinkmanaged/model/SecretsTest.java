package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    private Path directory;

    @Test
    void readsTheEnvironmentAndFiles() throws Exception {
        Path file = Files.writeString(directory.resolve("a secret"), "hunter2 \r\n");
        Map.Entry<String, String> variable = System.getenv().entrySet().stream()
                .filter(one -> one.getValue().length() > 8)
                .findAny()
                .orElseThrow();
        try (Secrets secrets = Secrets.of(List.of())) {
            assertThat(secrets.resolve(SecretRef.file(file))).isEqualTo("hunter2 ");
            assertThat(secrets.resolve(SecretRef.env(variable.getKey()))).isEqualTo(variable.getValue());
            assertThat(secrets.resolveIn("nothing ${env:A}")).isEqualTo("nothing ${env:A}");
        }
    }

    @Test
    void saysWhichSecretIsMissingAndWhatToDo() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        try (Secrets secrets = Secrets.of(List.of(new Locked()))) {
            assertThatThrownBy(() -> secrets.resolve(SecretRef.env("NO_SUCH_VARIABLE")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "secret ${secret:env:NO_SUCH_VARIABLE}: not there (expected: a secret that this process can "
                                    + "read when it launches). Set the variable, or provide the file, where this process runs; "
                                    + "nothing was started.");
            assertThatThrownBy(() -> secrets.resolve(SecretRef.file(directory.resolve("none"))))
                    .hasMessageContaining("not there");
            assertThatThrownBy(() -> secrets.resolve(SecretRef.file(empty))).hasMessageContaining("empty");
            assertThatThrownBy(() -> secrets.resolve(new SecretRef("locked", "a")))
                    .hasMessageContaining("not readable: java.io.IOException: the vault is sealed");
            assertThatThrownBy(() -> secrets.resolve(new SecretRef("aws", "a")))
                    .hasMessageContaining("nobody resolves the scheme aws (expected: one of [env, file, locked])");
        }
    }

    private static final class Locked implements SecretProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("locked");
        }

        @Override
        public Optional<String> find(SecretRef reference) throws IOException {
            throw new IOException("the vault is sealed");
        }
    }
}
