package io.flinkmanaged.spec;

/** Where a job keeps the state that it works on. */
public enum StateBackend {
    /** On the heap of the TaskManager: the fastest, and bounded by its memory. */
    HASHMAP("hashmap"),
    /**
     * In RocksDB, on the disk of the node with a cache in managed memory: for state larger than memory. Checkpoints are
     * incremental unless {@link Checkpointing#incremental(boolean)} says otherwise.
     */
    ROCKSDB("rocksdb");

    private final String flinkName;

    StateBackend(String flinkName) {
        this.flinkName = flinkName;
    }

    /** Returns what Flink calls it in {@code state.backend.type}. */
    public String flinkName() {
        return flinkName;
    }
}
