package io.flinkmanaged.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of the ways to reach a bucket, in a process of its own. */
final class StorageSide implements AutoCloseable {

    private static final String HEAP = "3g";

    private final String label;
    private final Child process;

    private StorageSide(String label, Child process) {
        this.label = label;
        this.process = process;
    }

    /** Our adapter on flink-s3-fs-native. */
    static StorageSide ours(Path directory, List<String> where) throws IOException {
        return start(ManagedSide.LABEL, "ours", directory, where, Map.of());
    }

    /** A plug-in of Flink's; nothing else in its process knows S3. */
    static StorageSide plugin(String artifact, Path directory, List<String> where) throws IOException {
        Path jars = Path.of(System.getProperty("benchmarks.storage.plugins"));
        Path jar = jars.resolve(artifact + ".jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IOException(jar + ": absent (expected: the plug-in to compare with). Run Maven with -Ppeers.");
        }
        Path plugins = Files.createTempDirectory(directory, "plugins");
        Path plugin = Files.createDirectories(plugins.resolve(artifact));
        Files.createSymbolicLink(plugin.resolve(artifact + ".jar"), jar);
        return start(
                artifact,
                "plugin",
                directory,
                where,
                Map.of(
                        "FLINK_PLUGINS_DIR",
                        plugins.toString(),
                        "AWS_JAVA_V1_DISABLE_DEPRECATION_ANNOUNCEMENT",
                        "true"));
    }

    private static StorageSide start(
            String label, String kind, Path directory, List<String> where, Map<String, String> environment)
            throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of(kind, Files.createTempDirectory(directory, label).toString()));
        arguments.addAll(where);
        boolean ours = kind.equals("ours");
        return new StorageSide(
                label,
                Child.start(
                        label,
                        StorageSideProcess.class,
                        HEAP,
                        jar -> ours || !isOfNative(jar),
                        environment,
                        arguments));
    }

    private static boolean isOfNative(String jar) {
        return jar.contains("flink-managed-cloud-aws") || jar.contains("flink-s3-fs-native");
    }

    String label() {
        return label;
    }

    String ask(String question) throws Exception {
        return process.ask(question);
    }

    @Override
    public void close() {
        process.close();
    }
}
