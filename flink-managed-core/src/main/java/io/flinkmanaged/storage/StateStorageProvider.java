package io.flinkmanaged.storage;

import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.spec.StorageLocation;
import java.util.Optional;
import java.util.Set;

/** An adapter for the URIs of some schemes, found by {@link java.util.ServiceLoader}. */
public interface StateStorageProvider {

    /** Returns the schemes it serves, in lower case. */
    Set<String> schemes();

    /**
     * Opens a location.
     *
     * @param location its scheme is one of {@link #schemes()}
     * @param user for whom, in messages: {@code cluster flights}
     * @param secrets resolves the references to secrets among the location's options; closed by the caller, after the
     *     storage
     * @return the storage; the caller closes it
     * @throws StorageException if the location is malformed or cannot be reached
     */
    StateStorage open(StorageLocation location, String user, Secrets secrets);

    /**
     * Returns how a location limits the files that Flink writes there, without asking it; for advice on a spec.
     *
     * @param location its scheme is one of {@link #schemes()}; it may be malformed otherwise
     * @return empty if there is no limit that a cluster could meet, as by default
     */
    default Optional<StateFileLimits> limits(StorageLocation location) {
        return Optional.empty();
    }
}
