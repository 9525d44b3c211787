package io.flinkmanaged.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.file.FileStateStorageProvider;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageProvidersTest {

    @TempDir
    private Path directory;

    @Test
    void findsTheOneForFiles() {
        StorageLocation location = FileStorage.at(directory);
        assertThat(StorageProviders.onClassPath().judge(location)).isEmpty();
        try (StateStorage storage = StorageProviders.onClassPath().open(location)) {
            assertThat(storage.location()).isEqualTo(location);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket/key, flink-managed-cloud-aws",
        "S3://bucket/key, flink-managed-cloud-aws",
        "gs://bucket/key, flink-managed-cloud-gcp",
        "hdfs://host/key, the artifact with an adapter for its scheme"
    })
    void namesTheArtifactThatIsMissing(String uri, String artifact) {
        assertThatThrownBy(() -> StorageProviders.onClassPath().open(StorageLocation.at(uri)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "storage URI: " + uri + " (expected: a scheme that an adapter on the class path serves: file)."
                                + " Add " + artifact + " to the class path, or use another storage.");
    }

    @Test
    void namesBothAdaptersOfOneScheme() {
        StorageProviders two = new StorageProviders(
                List.of(new FileStateStorageProvider(), new AnotherForFiles()), Secrets.of(List.of()));
        assertThatThrownBy(() -> two.open(FileStorage.at(directory)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("one adapter for its scheme")
                .hasMessageContaining(FileStateStorageProvider.class.getName() + " in file:")
                .hasMessageContaining(AnotherForFiles.class.getName() + " in file:");
        assertThat(two.judge(StorageLocation.at("other://bucket"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file://host/data", "file:///data?a=b", "file:///data#a"})
    void refusesAFileUriThatNamesNoDirectory(String uri) {
        assertThatThrownBy(() -> StorageProviders.onClassPath().open(StorageLocation.at(uri)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(uri)
                .hasMessageContaining("FileStorage.at(directory)");
    }

    private static final class AnotherForFiles implements StateStorageProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("file", "other");
        }

        @Override
        public StateStorage open(StorageLocation location, String user, Secrets secrets) {
            throw new UnsupportedOperationException("It is only asked for its schemes.");
        }
    }
}
