package io.flinkmanaged.gcp;

import io.flinkmanaged.flink.FileSystemPlugin;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Flink's GCS file system and Google's classes: unpacked and loaded when the first GCS location is opened, once in a JVM. Not
 * by a static initializer: what failed for want of room may succeed the next time.
 */
final class Connector {

    private static @Nullable Path jar;
    private static @Nullable FileSystemPlugin loaded;

    private Connector() {}

    /** Returns where it is unpacked, for processes that load it themselves. */
    static synchronized Path jar() {
        Path unpacked = jar == null ? ConnectorJar.unpacked() : jar;
        jar = unpacked;
        return unpacked;
    }

    static synchronized FileSystemPlugin load() {
        FileSystemPlugin plugin = loaded == null ? FileSystemPlugin.load("flink-gs-fs-hadoop", jar()) : loaded;
        loaded = plugin;
        return plugin;
    }
}
