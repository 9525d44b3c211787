package io.flinkmanaged.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Resolves references to secrets, and has {@link Redaction} hide what they resolve to until it is closed. Thread-safe.
 *
 * <p>Nothing is kept for later use: each resolution asks the provider, so a secret that was changed is taken up by the next
 * epoch.
 */
public final class Secrets implements AutoCloseable {

    private final List<SecretProvider> providers;
    private final Set<String> remembered = ConcurrentHashMap.newKeySet();

    private Secrets(List<SecretProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /**
     * Returns what resolves {@code env}, {@code file}, and the schemes of further providers.
     *
     * @param providers they come before those of the same schemes that are built in or found
     */
    public static Secrets of(List<SecretProvider> providers) {
        List<SecretProvider> all = new ArrayList<>(providers);
        all.add(new Environment());
        all.add(new SecretFiles());
        return new Secrets(all);
    }

    /**
     * Returns what resolves {@code env}, {@code file}, and the schemes of providers that were given or that the library's
     * class loader finds.
     *
     * @param providers they come before those of the same schemes that are built in or found
     */
    public static Secrets withThoseOnClassPath(List<SecretProvider> providers) {
        List<SecretProvider> all = new ArrayList<>(providers);
        ServiceLoader.load(SecretProvider.class, Secrets.class.getClassLoader()).forEach(all::add);
        return of(all);
    }

    /**
     * Resolves a reference; may block.
     *
     * @param reference the reference
     * @return the secret; not empty
     * @throws InvalidInputException if nobody has it, or it cannot be read
     */
    public String resolve(SecretRef reference) {
        SecretProvider provider = providerOf(reference)
                .orElseThrow(() -> InvalidInputException.of(
                        "secret " + reference,
                        "nobody resolves the scheme " + reference.scheme(),
                        "one of " + schemes(),
                        "Give the builder of ManagedFlink a SecretProvider for it, or put one on the class path."));
        String secret = find(provider, reference);
        if (secret.isEmpty()) {
            throw absent(reference, "empty");
        }
        if (remembered.add(secret)) {
            Redaction.remember(secret);
        }
        return secret;
    }

    /**
     * Resolves every reference within a text; may block.
     *
     * @param text any value
     * @return the text with the secrets in it
     * @throws InvalidInputException if one of them cannot be resolved
     */
    public String resolveIn(String text) {
        String resolved = text;
        for (SecretRef reference : SecretRef.in(text)) {
            resolved = resolved.replace(reference.toString(), resolve(reference));
        }
        return resolved;
    }

    /** Forgets what is hidden on behalf of this. */
    @Override
    public void close() {
        for (String secret : Set.copyOf(remembered)) {
            if (remembered.remove(secret)) {
                Redaction.forget(secret);
            }
        }
    }

    private static String find(SecretProvider provider, SecretRef reference) {
        try {
            return provider.find(reference).orElseThrow(() -> absent(reference, "not there"));
        } catch (IOException e) {
            throw absent(reference, "not readable: " + e).because(e);
        }
    }

    private static InvalidInputException absent(SecretRef reference, String state) {
        return InvalidInputException.of(
                "secret " + reference,
                state,
                "a secret that this process can read when it launches",
                "Set the variable, or provide the file, where this process runs; nothing was started.");
    }

    private Optional<SecretProvider> providerOf(SecretRef reference) {
        return providers.stream()
                .filter(provider -> provider.schemes().contains(reference.scheme()))
                .findFirst();
    }

    private List<String> schemes() {
        return providers.stream()
                .flatMap(provider -> provider.schemes().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static final class Environment implements SecretProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("env");
        }

        @Override
        public Optional<String> find(SecretRef reference) {
            return Optional.ofNullable(System.getenv(reference.name()));
        }
    }

    private static final class SecretFiles implements SecretProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("file");
        }

        @Override
        public Optional<String> find(SecretRef reference) throws IOException {
            Path file = Path.of(reference.name());
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String text = Files.readString(file, UTF_8);
            String unixLine = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            return Optional.of(unixLine.endsWith("\r") ? unixLine.substring(0, unixLine.length() - 1) : unixLine);
        }
    }
}
