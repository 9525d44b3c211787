package io.flinkmanaged.benchmarks;

import io.flinkmanaged.aws.S3Storage;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/**
 * Our adapter, on its defaults.
 *
 * @param location the bucket
 * @param storage the opened bucket
 */
record ManagedFiles(StorageLocation location, StateStorage storage) implements S3Files {

    static ManagedFiles open(List<String> where, Path directory) throws IOException {
        StorageLocation location = S3Storage.bucket(where.get(1))
                .endpoint(URI.create(where.get(0)))
                .region(where.get(2))
                .pathStyle()
                .credentials(
                        SecretRef.file(Files.writeString(directory.resolve("id"), where.get(3))),
                        SecretRef.file(Files.writeString(directory.resolve("secret"), where.get(4))))
                .build();
        return new ManagedFiles(location, StorageProviders.onClassPath().open(location));
    }

    @Override
    public Configuration keys() {
        Configuration keys = new Configuration();
        storage.settings().forEach(setting -> keys.setString(setting.key(), setting.value()));
        return keys;
    }

    @Override
    public void close() {
        storage.close();
    }
}
