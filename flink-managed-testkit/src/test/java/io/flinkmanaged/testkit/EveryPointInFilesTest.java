package io.flinkmanaged.testkit;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class EveryPointInFilesTest extends EveryPointContract {

    @TempDir
    private static Path directory;

    @Override
    protected StorageLocation location() {
        return FileStorage.at(directory);
    }
}
