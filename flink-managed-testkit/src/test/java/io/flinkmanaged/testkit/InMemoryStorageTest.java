package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import java.io.IOException;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class InMemoryStorageTest extends StateStorageContract {

    @AutoClose
    private final InMemoryStorage memory = InMemoryStorage.create();

    @Override
    protected StateStorage open() {
        return StorageProviders.onClassPath().open(memory.location());
    }

    @Test
    void isOutOfReachOfEverybodyDuringAnOutageAndLosesNothing() throws Exception {
        try (StateStorage storage = open()) {
            storage.write("flights/record", "kept");
            memory.beginOutage();
            Path path = new Path(storage.uriOf("flights/record"));
            assertThatThrownBy(() -> storage.read("flights/record"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot read flights/record");
            assertThatThrownBy(storage::verify).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> path.getFileSystem().open(path)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> path.getFileSystem()
                            .create(path, WriteMode.OVERWRITE)
                            .close())
                    .isInstanceOf(IOException.class);
            assertThat(memory.paths()).containsExactly("flights/record");
            memory.endOutage();
            assertThat(storage.read("flights/record")).contains("kept");
        }
    }

    @Test
    void isNotSeenByAnother() {
        try (InMemoryStorage other = InMemoryStorage.create();
                StateStorage storage = open()) {
            storage.write("flights/record", "any");
            assertThat(other.paths()).isEmpty();
        }
    }

    @Test
    void movesAndDeletesDirectoriesAtFlinksWord() throws Exception {
        try (StateStorage storage = open()) {
            storage.write("flights/a/one", "1");
            storage.write("flights/a/deep/two", "2");
            storage.write("flights/ab", "3");
            Path from = new Path(storage.uriOf("flights/a"));
            Path to = new Path(storage.uriOf("flights/b"));
            assertThat(from.getFileSystem().rename(from, to)).isTrue();
            assertThat(memory.paths()).containsExactly("flights/ab", "flights/b/deep/two", "flights/b/one");
            assertThatThrownBy(() -> to.getFileSystem().delete(to, false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not empty");
            assertThat(to.getFileSystem().delete(to, true)).isTrue();
            assertThat(to.getFileSystem().exists(to)).isFalse();
            assertThat(memory.paths()).containsExactly("flights/ab");
        }
    }

    @Test
    void refusesALocationThatIsNoStorageOfThisJvm() {
        assertThatThrownBy(() -> StorageProviders.onClassPath().open(StorageLocation.at("memory://gone/state")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("InMemoryStorage.create()");
    }
}
