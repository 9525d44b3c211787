package io.flinkmanaged.cluster;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateFileLimits;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A storage that is another, except that the answer to one creation can be lost before or after the deed, and that what is
 * below some directories can be out of reach for a time.
 */
public final class UnreliableStorage implements StateStorage {

    private final StateStorage storage;
    private Trouble next = Trouble.NONE;
    private volatile Predicate<String> unreachable = path -> false;
    private volatile Optional<StateFileLimits> limits = Optional.empty();

    /** What happens to the next creation of a record. */
    enum Trouble {
        NONE,
        NOTHING_IS_DONE,
        ANSWER_IS_LOST,
        /** As with S3: the client tries again by itself, and the second try finds what the first one created. */
        ANSWER_IS_THAT_IT_EXISTS
    }

    /** Creates it. */
    public UnreliableStorage(StateStorage storage) {
        this.storage = storage;
    }

    /** From now on, these paths are out of reach. */
    public void outage(Predicate<String> paths) {
        unreachable = paths;
    }

    /** From now on, it takes no longer state files. */
    void limit(StateFileLimits told) {
        limits = Optional.of(told);
    }

    /** From now on, all is well. */
    public void endOutage() {
        unreachable = path -> false;
    }

    private StateStorage reach(String path) {
        if (unreachable.test(path)) {
            throw new StorageException("no connection", null);
        }
        return storage;
    }

    void nextCreation(Trouble trouble) {
        next = trouble;
    }

    @Override
    public boolean createIfAbsent(String path, String text) {
        Trouble trouble = next;
        next = Trouble.NONE;
        if (trouble == Trouble.NOTHING_IS_DONE) {
            throw new StorageException("no connection", null);
        }
        boolean created = reach(path).createIfAbsent(path, text);
        if (trouble == Trouble.ANSWER_IS_LOST) {
            throw new StorageException("connection reset", null);
        }
        return created && trouble == Trouble.NONE;
    }

    @Override
    public Optional<StateFileLimits> limits() {
        return limits;
    }

    @Override
    public StorageLocation location() {
        return storage.location();
    }

    @Override
    public List<Setting> settings() {
        return storage.settings();
    }

    @Override
    public List<Finding> verify() {
        return storage.verify();
    }

    @Override
    public String uriOf(String path) {
        return storage.uriOf(path);
    }

    @Override
    public Optional<String> read(String path) {
        return reach(path).read(path);
    }

    @Override
    public void write(String path, String text) {
        reach(path).write(path, text);
    }

    @Override
    public void putArtifact(String path, Path content) {
        reach(path).putArtifact(path, content);
    }

    @Override
    public void putArtifact(String path, byte[] content) {
        reach(path).putArtifact(path, content);
    }

    @Override
    public Optional<byte[]> artifact(String path) {
        return reach(path).artifact(path);
    }

    @Override
    public List<String> children(String directory) {
        return reach(directory).children(directory);
    }

    @Override
    public List<StoredFile> files(String directory) {
        return reach(directory).files(directory);
    }

    @Override
    public void delete(Collection<String> paths) {
        paths.forEach(this::reach);
        storage.delete(paths);
    }

    @Override
    public void close() {
        storage.close();
    }
}
