package io.flinkmanaged.flink;

/** Whether RocksDB can be used here: its 52 MB may have been excluded from an embedder's class path. */
public final class RocksDb {

    private static final String FACTORY = "org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackendFactory";

    private RocksDb() {}

    /**
     * Returns whether a class loader has Flink's RocksDB state backend.
     *
     * @param loader the class loader that runs Flink
     */
    public static boolean isKnownTo(ClassLoader loader) {
        try {
            Class<?> unused = Class.forName(FACTORY, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            // The answer that was asked for.
            return false;
        }
    }
}
