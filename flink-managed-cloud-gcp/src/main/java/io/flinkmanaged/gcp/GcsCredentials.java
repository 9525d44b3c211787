package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import io.flinkmanaged.model.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the rights of a process come from: the same place for Flink's file system and for us. Judged when a location is
 * opened, on the machine that uses it.
 *
 * @param kind of the credentials
 * @param file a key's or authorized user's, if there is one
 * @param tokenServer who exchanges it for tokens, if it is another than Google's
 */
record GcsCredentials(CredentialKind kind, Optional<Path> file, Optional<String> tokenServer) {

    /** What Google's libraries follow in the environment. */
    static final String VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

    /**
     * Judges the credentials that a location names.
     *
     * @throws InvalidInputException if they are not what it says
     */
    static GcsCredentials of(GcsSettings gcs) {
        return of(gcs, environments());
    }

    static GcsCredentials of(GcsSettings gcs, Optional<Path> environments) {
        return switch (gcs.credentials()) {
            case NONE -> new GcsCredentials(CredentialKind.NONE, Optional.empty(), Optional.empty());
            case KEY_FILE -> ofKey(gcs.keyFile().orElseThrow(), environments);
            case WORKLOAD_IDENTITY -> ofMachine(environments);
            case DEFAULT -> environments.map(GcsCredentials::ofEnvironment).orElseGet(GcsCredentials::ofMachine);
        };
    }

    /** Returns the file that the environment names. */
    static Optional<Path> environments() {
        return Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of);
    }

    /** Flink writes a checkpoint's metadata with a client that follows the variable, whatever the file system is told. */
    private static GcsCredentials ofKey(Path file, Optional<Path> environments) {
        environments.filter(other -> !other.equals(file)).ifPresent(other -> {
            throw InvalidInputException.of(
                    VARIABLE,
                    other,
                    "not set, or the key file " + file,
                    "Unset it for this process, or leave out keyFile(…) to use what it names.");
        });
        return new GcsCredentials(
                CredentialKind.KEY_FILE,
                Optional.of(file),
                GcsKeyFile.ofServiceAccount(file).tokenServer());
    }

    private static GcsCredentials ofEnvironment(Path file) {
        return new GcsCredentials(
                CredentialKind.DEFAULT,
                Optional.of(file),
                GcsKeyFile.ofEnvironment(file).tokenServer());
    }

    /** Google's connector follows the variable, whatever it is told. */
    private static GcsCredentials ofMachine(Optional<Path> environments) {
        environments.ifPresent(file -> {
            throw InvalidInputException.of(
                    VARIABLE,
                    file,
                    "not set, with workloadIdentity()",
                    "Unset it for this process, or leave out workloadIdentity() to use what it names.");
        });
        return ofMachine();
    }

    private static GcsCredentials ofMachine() {
        return new GcsCredentials(CredentialKind.WORKLOAD_IDENTITY, Optional.empty(), Optional.empty());
    }
}
