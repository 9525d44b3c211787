package io.flinkmanaged.testkit;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StateStorageProvider;
import java.util.Set;

/** The adapter for {@code memory:} URIs; found by the service loader, not to be used directly. */
public final class InMemoryStateStorageProvider implements StateStorageProvider {

    /** For the service loader. */
    public InMemoryStateStorageProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(InMemoryStorage.SCHEME);
    }

    @Override
    public StateStorage open(StorageLocation location, String user, Secrets secrets) {
        InMemoryFiles files = InMemoryFiles.find(location.uri())
                .orElseThrow(() -> InvalidInputException.of(
                        "storage URI",
                        location.uri(),
                        "an in-memory storage of this JVM that is not closed",
                        "Use InMemoryStorage.create().location()."));
        return new InMemoryStateStorage(location, files);
    }
}
