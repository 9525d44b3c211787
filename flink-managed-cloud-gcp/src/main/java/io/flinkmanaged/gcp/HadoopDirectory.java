package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory of Hadoop's configuration for one file system. Flink's writer of sinks and of checkpoints' metadata looks for its credentials there alone,
 * and without it everything would read what {@code HADOOP_CONF_DIR} happens to name.
 */
final class HadoopDirectory {

    private HadoopDirectory() {}

    /**
     * Writes it.
     *
     * @return a new directory; the caller deletes it
     */
    static Path write(GcsSettings gcs) throws IOException {
        Path directory = Files.createTempDirectory("flink-managed-gs-");
        Path unused = Files.writeString(directory.resolve("core-site.xml"), text(gcs));
        return directory;
    }

    /** Switched off where nothing is wanted of it: what the environment names may not exist. */
    private static String text(GcsSettings gcs) {
        boolean ownFile = gcs.keyFile().isPresent();
        boolean environments = gcs.credentials() == CredentialKind.DEFAULT;
        return "<configuration>"
                + property("google.cloud.auth.service.account.enable", Boolean.toString(ownFile || environments))
                + gcs.keyFile()
                        .map(path -> property("google.cloud.auth.service.account.json.keyfile", path.toString()))
                        .orElse("")
                + "</configuration>\n";
    }

    private static String property(String name, String value) {
        String escaped = value.replace("&", "&amp;").replace("<", "&lt;");
        return "<property><name>" + name + "</name><value>" + escaped + "</value></property>";
    }
}
