package io.flinkmanaged.gcp;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;

/** The keys of Flink's GCS file system, whose {@code gs.} stands for {@code fs.gs.} of Google's Hadoop connector. */
final class GcsFlinkKeys {

    private GcsFlinkKeys() {}

    /** Returns what the settings say, each key with the option that it comes from; no secret is among them. */
    static List<Setting> settings(GcsSettings gcs) {
        List<Setting> keys = new ArrayList<>();
        gcs.project().ifPresent(id -> keys.add(key("gs.project.id", id, "project")));
        gcs.endpoint().ifPresent(at -> keys.add(key("gs.storage.root.url", at.toString(), "endpoint")));
        addCredentials(keys, gcs);
        String checks = Boolean.toString(gcs.checksDirectories());
        keys.add(key("gs.create.items.conflict.check.enable", checks, "directoryChecks"));
        keys.add(key("gs.implicit.dir.repair.enable", checks, "directoryChecks"));
        String retries = Integer.toString(gcs.retries());
        keys.add(key("gs.http.max.retry", retries, "retries"));
        keys.add(key("gs.retry.max-attempt", Integer.toString(gcs.retries() + 1), "retries"));
        keys.add(key(
                "gs.http.connect-timeout", Long.toString(gcs.connectTimeout().toMillis()), "connectTimeout"));
        keys.add(key("gs.http.read-timeout", Long.toString(gcs.readTimeout().toMillis()), "readTimeout"));
        String chunk = Long.toString(gcs.uploadChunk().getBytes());
        keys.add(key("gs.outputstream.upload.chunk.size", chunk, "uploadChunk"));
        keys.add(key("gs.writer.chunk.size", chunk + " b", "uploadChunk"));
        return keys;
    }

    private static void addCredentials(List<Setting> keys, GcsSettings gcs) {
        if (gcs.credentials() == CredentialKind.NONE) {
            keys.add(key("gs.auth.null.enable", "true", "withoutCredentials"));
            keys.add(key("gs.auth.service.account.enable", "false", "withoutCredentials"));
        }
        gcs.keyFile().ifPresent(path -> keys.add(keyFile(path)));
    }

    static Setting keyFile(Path path) {
        return key("gs.auth.service.account.json.keyfile", path.toString(), "keyFile");
    }

    /**
     * Returns all that a file system needs in this JVM.
     *
     * @param tokenServer who exchanges the key file's key for tokens, if it is another than Google's
     * @param hadoop the directory with {@link GcsHadoopDirectory}'s file
     */
    static Configuration configuration(GcsSettings gcs, Optional<String> tokenServer, String hadoop) {
        Configuration configuration = new Configuration();
        settings(gcs).forEach(setting -> configuration.setString(setting.key(), setting.value()));
        ofNodes(gcs, tokenServer, hadoop).forEach(setting -> configuration.setString(setting.key(), setting.value()));
        return configuration;
    }

    /** Returns what a process needs beside the settings. */
    static List<Setting> ofNodes(GcsSettings gcs, Optional<String> tokenServer, String hadoop) {
        List<Setting> keys = new ArrayList<>();
        tokenServer.ifPresent(url -> keys.add(key("gs.token.server.url", url, "keyFile")));
        if (gcs.credentials() != CredentialKind.NONE) {
            // Said here, because the directory's file says the opposite to Flink's writer of sinks.
            keys.add(key("gs.auth.service.account.enable", "true", "keyFile"));
        }
        keys.add(key(CoreOptions.FLINK_HADOOP_CONF_DIR.key(), hadoop, "keyFile"));
        return keys;
    }

    private static Setting key(String key, String value, String option) {
        return new Setting(key, value, Layer.STORAGE, "GcsStorage." + option);
    }
}
