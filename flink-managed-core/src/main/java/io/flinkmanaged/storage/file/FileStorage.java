package io.flinkmanaged.storage.file;

import io.flinkmanaged.spec.StorageLocation;
import java.nio.file.Path;

/** State in a directory: of this machine, or a network file system that every node mounts at the same path. */
public final class FileStorage {

    /** The scheme of its URIs. */
    public static final String SCHEME = "file";

    private FileStorage() {}

    /**
     * Returns the location of a directory.
     *
     * @param directory the directory; created at launch if absent
     */
    public static StorageLocation at(Path directory) {
        String uri = directory.toAbsolutePath().normalize().toUri().toString();
        return StorageLocation.at(uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
    }
}
