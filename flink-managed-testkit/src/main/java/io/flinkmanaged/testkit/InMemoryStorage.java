package io.flinkmanaged.testkit;

import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.StorageLocation;
import java.util.List;

/**
 * State storage in this JVM's memory, for tests of clusters that run in it: nothing to clean up, nothing to wait for, and an
 * outage at a word. Flink writes its checkpoints there, too.
 *
 * <pre>{@code
 * @AutoClose
 * static final InMemoryStorage STATE = InMemoryStorage.create();
 *
 * Checkpointing.every(Duration.ofSeconds(1)).to(STATE.location());
 * }</pre>
 *
 * <p>It passes {@link StateStorageContract}. As in a bucket, a directory exists while there is a file below it, and an object
 * is seen when it is whole. It has no {@code RecoverableWriter}, so Flink's {@code FileSink} cannot write to it.
 *
 * <p>Thread-safe. The creator closes it, after the clusters that use it.
 */
public final class InMemoryStorage implements AutoCloseable {

    /** The scheme of its URIs. */
    public static final String SCHEME = "memory";

    private final String name;
    private final InMemoryFiles files;
    private final StorageLocation location;

    private InMemoryStorage(TimeSource time) {
        this.name = "storage-" + time.newId();
        this.files = new InMemoryFiles(time);
        this.location = StorageLocation.at(SCHEME + "://" + name + "/state");
        InMemoryFiles.open(name, files);
    }

    /** Creates an empty storage; other processes do not see it. */
    public static InMemoryStorage create() {
        // It lends the clock and a name; neither starts a thread, so nothing of it is left to close.
        try (SystemTimeSource time = new SystemTimeSource()) {
            return create(time);
        }
    }

    /**
     * Creates an empty storage.
     *
     * @param time dates its files
     */
    public static InMemoryStorage create(TimeSource time) {
        return new InMemoryStorage(time);
    }

    /** Returns where state lies in it, for a spec. */
    public StorageLocation location() {
        return location;
    }

    /** Returns what is stored, also during an outage: paths below the location, in order. */
    public List<String> paths() {
        return files.paths().stream()
                .map(path -> path.substring("state/".length()))
                .toList();
    }

    /** From now on nothing can be read, written, listed or deleted, until {@link #endOutage()}. What is stored stays. */
    public void beginOutage() {
        files.setReachable(false);
    }

    /** From now on, all is well. */
    public void endOutage() {
        files.setReachable(true);
    }

    /** Forgets everything. Any number of times. */
    @Override
    public void close() {
        InMemoryFiles.forget(name);
    }
}
