package io.flinkmanaged.benchmarks;

import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;

/**
 * One of Flink's S3 file systems as Flink's documentation says: a plug-in in the directory that the environment variable
 * {@code FLINK_PLUGINS_DIR} names.
 *
 * @param keys its keys
 */
record PluginFiles(Configuration keys) implements S3Files {

    static PluginFiles open(List<String> where) {
        Configuration keys = new Configuration();
        keys.setString("s3.endpoint", where.get(0));
        keys.setString("s3.endpoint.region", where.get(2));
        keys.setString("s3.access-key", where.get(3));
        keys.setString("s3.secret-key", where.get(4));
        keys.setString("s3.path-style-access", "true");
        keys.setString("s3.path.style.access", "true");
        FileSystem.initialize(keys, PluginUtils.createPluginManagerFromRootFolder(keys));
        return new PluginFiles(keys);
    }

    @Override
    public void close() {}
}
