package io.flinkmanaged.gcp;

import io.flinkmanaged.flink.FileSystemPlugin;
import java.nio.file.Path;

/** Flink's GCS file system and Google's classes, loaded when the first GCS location is opened, once in a JVM. */
final class Connector {

    private static final class Holder {
        static final Path JAR = ConnectorJar.unpacked();
        static final FileSystemPlugin LOADED = FileSystemPlugin.load("flink-gs-fs-hadoop", JAR);
    }

    private Connector() {}

    /** Returns where it was unpacked, for processes that load it themselves. */
    static Path jar() {
        return Holder.JAR;
    }

    static FileSystemPlugin load() {
        return Holder.LOADED;
    }
}
