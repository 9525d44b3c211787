package io.flinkmanaged.aws;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.storage.NodeFileSystem;
import io.flinkmanaged.storage.bucket.RoutedFileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.fs.s3native.NativeS3FileSystemFactory;

/**
 * How nodes that are processes reach a bucket: with the same factory as this JVM.
 *
 * <p>An access key travels in a file of the SDK's own format that only the node's owner reads. As one of Flink's keys it
 * would be shown by the REST interface.
 */
final class S3OnNodes {

    /** Whether a node refuses sinks that can lose data; absent where Flink runs in the embedder's JVM. */
    static final String FILE_SINK = "flink-managed.s3.file-sink";

    static final String REFUSED = "refused";

    private static final String PLUGIN = "flink-managed-s3";
    private static final String CREDENTIALS = "s3/credentials";
    private static final String CONFIG = "s3/config";

    /** What the SDK's default chain looks at, apart from keys; a machine's or a pod's identity is found by these. */
    private static final List<String> IDENTITY = List.of(
            "AWS_CONFIG_FILE",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "AWS_PROFILE",
            "AWS_ROLE_ARN",
            "AWS_ROLE_SESSION_NAME",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE");

    private S3OnNodes() {}

    static NodeFileSystem of(S3Settings s3, Secrets secrets) {
        List<Path> jars = List.of(
                NodeFileSystem.sourceOf(NativeS3FileSystemFactory.class, "flink-s3-fs-native"),
                NodeFileSystem.sourceOf(S3OnNodes.class, "flink-managed-cloud-aws"),
                NodeFileSystem.sourceOf(RoutedFileSystem.class, "flink-managed-core"));
        SortedMap<String, String> environment = new TreeMap<>();
        SortedMap<String, Supplier<String>> files = new TreeMap<>();
        if (S3Credentials.of(s3, secrets).or(S3Credentials::ofEnvironment).isPresent()) {
            environment.put("AWS_SHARED_CREDENTIALS_FILE", CREDENTIALS);
            // Another default profile, such as one with a role, would come first.
            environment.put("AWS_CONFIG_FILE", CONFIG);
            files.put(CONFIG, () -> "");
            files.put(CREDENTIALS, () -> S3Credentials.of(s3, secrets)
                    .or(S3Credentials::ofEnvironment)
                    .orElseThrow()
                    .asDefaultProfile());
        } else {
            IDENTITY.forEach(name -> {
                String value = System.getenv(name);
                if (value != null) {
                    environment.put(name, value);
                }
            });
        }
        return new NodeFileSystem(PLUGIN, jars, List.of(fileSink(s3)), environment, files);
    }

    private static Setting fileSink(S3Settings s3) {
        return new Setting(
                FILE_SINK,
                s3.acceptsLossyFileSink() ? "accepted" : REFUSED,
                Layer.STORAGE,
                "S3Storage.acceptLossyFileSink");
    }
}
