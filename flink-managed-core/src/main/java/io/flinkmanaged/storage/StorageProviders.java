package io.flinkmanaged.storage;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.spec.StorageLocation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The adapters on the class path, by scheme. */
public final class StorageProviders {

    /** Where adapters for well-known schemes are to be had, for the message when one is missing. */
    private static final Map<String, String> ARTIFACTS =
            Map.of("s3", "flink-managed-cloud-aws", "gs", "flink-managed-cloud-gcp");

    private final List<StateStorageProvider> providers;
    private final Secrets secrets;

    /**
     * Creates a set of adapters.
     *
     * @param providers the adapters
     * @param secrets resolves the references to secrets in locations; closed by the caller, after all storages
     */
    public StorageProviders(List<StateStorageProvider> providers, Secrets secrets) {
        this.providers = List.copyOf(providers);
        this.secrets = secrets;
    }

    /** Returns the adapters, and the providers of secrets, that the library's class loader finds. */
    public static StorageProviders onClassPath() {
        return onClassPath(Secrets.withThoseOnClassPath(List.of()));
    }

    /**
     * Returns the adapters that the library's class loader finds.
     *
     * @param secrets resolves the references to secrets in locations; closed by the caller, after all storages
     */
    public static StorageProviders onClassPath(Secrets secrets) {
        ServiceLoader<StateStorageProvider> found =
                ServiceLoader.load(StateStorageProvider.class, StorageProviders.class.getClassLoader());
        return new StorageProviders(
                StreamSupport.stream(found.spliterator(), false).toList(), secrets);
    }

    /**
     * Opens a location with the adapter for its scheme, for this process rather than a cluster.
     *
     * @param location the location
     * @return the storage; the caller closes it
     * @throws InvalidInputException if no adapter, or more than one, serves the scheme
     */
    public StateStorage open(StorageLocation location) {
        return open(location, "this process");
    }

    /**
     * Opens a location with the adapter for its scheme.
     *
     * @param location the location
     * @param user for whom, in messages: {@code cluster flights}
     * @return the storage; the caller closes it
     * @throws InvalidInputException if no adapter, or more than one, serves the scheme
     */
    public StateStorage open(StorageLocation location, String user) {
        judge(location).ifPresent(finding -> {
            throw new InvalidInputException(finding);
        });
        return serving(location).get(0).open(location, user, secrets);
    }

    /**
     * Looks whether exactly one adapter serves a location's scheme.
     *
     * @param location the location
     * @return what is wrong, if something is
     */
    public Optional<Finding> judge(StorageLocation location) {
        List<StateStorageProvider> serving = serving(location);
        if (serving.size() == 1) {
            return Optional.empty();
        }
        if (serving.isEmpty()) {
            String schemes = providers.stream()
                    .flatMap(provider -> provider.schemes().stream())
                    .sorted()
                    .collect(Collectors.joining(", "));
            return Optional.of(new Finding(
                    "storage URI",
                    location.uri().toString(),
                    "a scheme that an adapter on the class path serves: " + schemes,
                    "Add "
                            + ARTIFACTS.getOrDefault(location.scheme(), "the artifact with an adapter for its scheme")
                            + " to the class path, or use another storage."));
        }
        return Optional.of(new Finding(
                "storage URI",
                location.uri().toString(),
                "one adapter for its scheme",
                "Keep one of: " + serving.stream().map(StorageProviders::origin).collect(Collectors.joining(", "))
                        + "."));
    }

    /**
     * Returns how a location limits the files that Flink writes there, without asking it.
     *
     * @param location the location
     * @return empty if there is no limit that a cluster could meet, or not exactly one adapter for it
     */
    public Optional<StateFileLimits> limits(StorageLocation location) {
        List<StateStorageProvider> serving = serving(location);
        return serving.size() == 1 ? serving.get(0).limits(location) : Optional.empty();
    }

    private List<StateStorageProvider> serving(StorageLocation location) {
        return providers.stream()
                .filter(provider -> provider.schemes().contains(location.scheme()))
                .toList();
    }

    private static String origin(StateStorageProvider provider) {
        var source = provider.getClass().getProtectionDomain().getCodeSource();
        return provider.getClass().getName() + (source == null ? "" : " in " + source.getLocation());
    }
}
