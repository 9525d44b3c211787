package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory of Hadoop's configuration for one file system. Flink's writer of sinks and of checkpoints' metadata looks for its credentials there alone,
 * and without it everything would read what {@code HADOOP_CONF_DIR} happens to name.
 */
final class HadoopDirectory {

    /** The one file in it. */
    static final String FILE = "core-site.xml";

    private HadoopDirectory() {}

    /**
     * Writes it.
     *
     * @return a new directory; the caller deletes it
     */
    static Path write(GcsSettings gcs) throws IOException {
        Path directory = Files.createTempDirectory("flink-managed-gs-");
        Path unused = Files.writeString(directory.resolve(FILE), text(gcs, gcs.keyFile()));
        return directory;
    }

    /**
     * Returns the file's text. Credentials are switched off where none are wanted: what the environment names may not exist.
     *
     * @param keyFile where the key file of the settings is, for whoever reads this
     */
    static String text(GcsSettings gcs, Optional<Path> keyFile) {
        boolean ownFile = keyFile.isPresent();
        boolean environments = gcs.credentials() == CredentialKind.DEFAULT;
        return "<configuration>"
                + property("google.cloud.auth.service.account.enable", Boolean.toString(ownFile || environments))
                + keyFile.map(path -> property("google.cloud.auth.service.account.json.keyfile", path.toString()))
                        .orElse("")
                + "</configuration>\n";
    }

    private static String property(String name, String value) {
        String escaped = value.replace("&", "&amp;").replace("<", "&lt;");
        return "<property><name>" + name + "</name><value>" + escaped + "</value></property>";
    }
}
