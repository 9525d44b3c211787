package io.flinkmanaged.storage;

import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.spec.StorageLocation;
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
}
