package io.flinkmanaged.aws;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The same with files: here, because core's tests cannot have what this module's share. */
class EveryPointInFilesTest extends RestoringFromEveryPoint {

    @TempDir
    private static Path directory;

    @Override
    StorageLocation location() {
        return FileStorage.at(directory);
    }
}
