package io.flinkmanaged.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import io.flinkmanaged.model.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcsCredentialsTest {

    private static final String GOOGLE = "https://oauth2.googleapis.com/token";
    private static final String KEY = KeyFiles.newKey();

    @TempDir
    private Path directory;

    @Test
    void takesAServiceAccountsKey() {
        Path file = KeyFiles.write(directory, KEY, GOOGLE);
        GcsCredentials credentials =
                GcsCredentials.of(settings(GcsStorage.bucket("acme").keyFile(file)));
        assertThat(credentials)
                .isEqualTo(new GcsCredentials(CredentialKind.KEY_FILE, Optional.of(file), Optional.empty()));
    }

    @Test
    void followsAKeysOwnTokenServer() {
        Path file = KeyFiles.write(directory, KEY, "https://tokens.acme.example/token");
        assertThat(GcsCredentials.of(settings(GcsStorage.bucket("acme").keyFile(file)))
                        .tokenServer())
                .contains("https://tokens.acme.example/token");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Path absent = directory.resolve("absent.json");
        refusesKeyFile(absent, "a file that this process can read");
    }

    @Test
    void refusesWhatIsNoKeyWithoutShowingIt() throws Exception {
        refusesKeyFile(Files.writeString(directory.resolve("text"), "canary: [a\n b"), "JSON, as Google gives it");
        refusesKeyFile(Files.writeString(directory.resolve("json"), "{\"canary\": 1}"), "a service account's key");
        refusesKeyFile(KeyFiles.write(directory, "canary", GOOGLE), "a service account's key");
        refusesKeyFile(KeyFiles.write(directory, "authorized_user", KEY, GOOGLE), "a service account's key");
    }

    @Test
    void refusesFromTheEnvironmentWhatGooglesConnectorDoesNotTake() {
        GcsSettings settings = settings(GcsStorage.bucket("acme"));
        Path federated = KeyFiles.write(directory, "external_account", KEY, GOOGLE);
        assertThatThrownBy(() -> GcsCredentials.of(settings, Optional.of(federated)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS")
                .hasMessageContaining("all that Google's connector takes");
        Path user = KeyFiles.write(directory, "authorized_user", KEY, GOOGLE);
        assertThat(GcsCredentials.of(settings, Optional.of(user)).file()).contains(user);
        assertThatThrownBy(() -> GcsCredentials.of(settings, Optional.of(directory.resolve("dangling"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
    }

    @Test
    void asksTheMachineWhereNothingIsNamed() {
        assertThat(GcsCredentials.of(settings(GcsStorage.bucket("acme")), Optional.empty())
                        .kind())
                .isEqualTo(CredentialKind.WORKLOAD_IDENTITY);
        GcsSettings demanded = settings(GcsStorage.bucket("acme").workloadIdentity());
        assertThatThrownBy(() -> GcsCredentials.of(demanded, Optional.of(Path.of("/keys/other.json"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not set, with workloadIdentity()");
    }

    @Test
    void looksPastTheEnvironmentWhereNoCredentialsAreSent() {
        Optional<Path> dangling = Optional.of(Path.of("/no/such/file"));
        assertThat(GcsCredentials.of(settings(GcsStorage.bucket("acme").withoutCredentials()), dangling)
                        .file())
                .isEmpty();
    }

    /** Flink would write the metadata of checkpoints with what the environment names. */
    @Test
    void refusesAKeyBesideAnotherInTheEnvironment() {
        Path file = KeyFiles.write(directory, KEY, GOOGLE);
        GcsSettings settings = settings(GcsStorage.bucket("acme").keyFile(file));
        assertThat(GcsCredentials.of(settings, Optional.of(file)).file()).contains(file);
        assertThatThrownBy(() -> GcsCredentials.of(settings, Optional.of(Path.of("/no/such/file"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS: /no/such/file")
                .hasMessageContaining("not set, or the key file");
    }

    private static void refusesKeyFile(Path file, String expected) {
        assertThatThrownBy(() ->
                        GcsCredentials.of(settings(GcsStorage.bucket("acme").keyFile(file))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("key-file: " + file)
                .hasMessageContaining(expected)
                .satisfies(refused -> assertThat(com.google.common.base.Throwables.getStackTraceAsString(refused))
                        .doesNotContain("canary"));
    }

    private static GcsSettings settings(GcsStorage storage) {
        return GcsSettings.of(storage.build());
    }
}
