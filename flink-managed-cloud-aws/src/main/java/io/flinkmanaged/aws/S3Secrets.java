package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Resolves the secrets of a location, in the process that opens it. */
final class S3Secrets {

    private S3Secrets() {}

    static String resolve(SecretRef reference) {
        return find(reference)
                .filter(secret -> !secret.isBlank())
                .orElseThrow(() -> InvalidInputException.of(
                        "secret",
                        reference,
                        "a secret that is there and not empty",
                        "Set the variable, or write the file, before the cluster is launched."));
    }

    private static Optional<String> find(SecretRef reference) {
        return switch (reference.scheme()) {
            case "env" -> Optional.ofNullable(System.getenv(reference.name()));
            case "file" -> file(reference);
            default ->
                throw InvalidInputException.of("secret", reference, "the scheme env or file", "Use one of these.");
        };
    }

    private static Optional<String> file(SecretRef reference) {
        try {
            return Optional.of(
                    Files.readString(Path.of(reference.name()), UTF_8).strip());
        } catch (IOException e) {
            throw InvalidInputException.of(
                            "secret", reference, "a file that this process may read", "Check its path and permissions.")
                    .because(e);
        }
    }
}
