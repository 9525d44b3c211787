package io.flinkmanaged.testkit;

import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class FileStateStorageTest {

    @TempDir
    private Path temporary;

    @Nested
    class InAPlainDirectory extends StateStorageContract {

        @Override
        protected StateStorage open() {
            return StorageProviders.onClassPath().open(FileStorage.at(temporary.resolve("state")));
        }
    }

    /** A URI must escape these characters, and Flink's paths must not. */
    @Nested
    class InADirectoryWithAnOddName extends StateStorageContract {

        @Override
        protected StateStorage open() {
            return StorageProviders.onClassPath().open(FileStorage.at(temporary.resolve("my state/50% #1 [ü]")));
        }
    }
}
