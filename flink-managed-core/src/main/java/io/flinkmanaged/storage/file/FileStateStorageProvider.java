package io.flinkmanaged.storage.file;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StateStorageProvider;
import java.net.URI;
import java.util.Set;

/** The adapter for {@code file:} URIs; found by the service loader, not to be used directly. */
public final class FileStateStorageProvider implements StateStorageProvider {

    /** For the service loader. */
    public FileStateStorageProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(FileStorage.SCHEME);
    }

    @Override
    public StateStorage open(StorageLocation location, String user, Secrets secrets) {
        URI uri = location.uri();
        boolean named = uri.getAuthority() != null && !uri.getAuthority().isEmpty();
        if (named || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw InvalidInputException.of(
                    "storage URI",
                    uri,
                    "a file URI without a host, ? and #",
                    "Write file:///path with three slashes, or use FileStorage.at(directory).");
        }
        return new FileStateStorage(location);
    }
}
