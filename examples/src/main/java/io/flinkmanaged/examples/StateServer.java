package io.flinkmanaged.examples;

import io.flinkmanaged.aws.S3Storage;
import io.flinkmanaged.examples.ExampleOptions.Storage;
import io.flinkmanaged.gcp.GcsStorage;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.file.FileStorage;
import io.flinkmanaged.testkit.EmbeddedGcs;
import io.flinkmanaged.testkit.EmbeddedS3;
import java.io.IOException;
import java.nio.file.Files;

/** Where the cluster's state is: a directory, or a bucket of a server that runs in this process and outlives the cluster. */
final class StateServer implements AutoCloseable {

    private static final String BUCKET = "flights-state";

    private final StorageLocation location;
    private final AutoCloseable server;

    private StateServer(StorageLocation location, AutoCloseable server) {
        this.location = location;
        this.server = server;
    }

    static StateServer open(Storage storage, Workspace workspace) throws IOException {
        return switch (storage) {
            case FILE -> new StateServer(FileStorage.at(workspace.state()), () -> {});
            case S3 -> s3(workspace);
            case GCS -> gcs(workspace);
        };
    }

    private static StateServer s3(Workspace workspace) throws IOException {
        EmbeddedS3 server = EmbeddedS3.start(BUCKET);
        try {
            Files.writeString(workspace.secret("access-key"), server.accessKey());
            Files.writeString(workspace.secret("secret-key"), server.secretKey());
            StorageLocation location = S3Storage.bucket(server.bucket())
                    .region(server.region())
                    .endpoint(server.endpoint())
                    .pathStyle()
                    .credentials(
                            SecretRef.file(workspace.secret("access-key")),
                            SecretRef.file(workspace.secret("secret-key")))
                    .prefix("examples")
                    .build();
            return new StateServer(location, server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static StateServer gcs(Workspace workspace) throws IOException {
        EmbeddedGcs server = EmbeddedGcs.start(BUCKET);
        try {
            server.requireTokens();
            StorageLocation location = GcsStorage.bucket(server.bucket())
                    .endpoint(server.endpoint())
                    .keyFile(Files.writeString(workspace.secret("key.json"), server.keyFile()))
                    .prefix("examples")
                    .build();
            return new StateServer(location, server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    StorageLocation location() {
        return location;
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
