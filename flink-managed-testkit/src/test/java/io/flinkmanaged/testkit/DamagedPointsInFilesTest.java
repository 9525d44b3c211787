package io.flinkmanaged.testkit;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

class DamagedPointsInFilesTest extends DamagedPointsContract {

    @TempDir
    private Path temporary;

    @Override
    protected StorageLocation location() {
        return FileStorage.at(temporary);
    }

    @Override
    protected void cutShort(String path) {
        try {
            Path file = temporary.resolve(path);
            byte[] whole = Files.readAllBytes(file);
            Path unused = Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
