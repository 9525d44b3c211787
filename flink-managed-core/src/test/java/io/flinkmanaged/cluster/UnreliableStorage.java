package io.flinkmanaged.cluster;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A storage that is another, except that the answer to one creation can be lost before or after the deed. */
final class UnreliableStorage implements StateStorage {

    private final StateStorage storage;
    private Trouble next = Trouble.NONE;

    /** What happens to the next creation of a record. */
    enum Trouble {
        NONE,
        NOTHING_IS_DONE,
        ANSWER_IS_LOST,
        /** As with S3: the client tries again by itself, and the second try finds what the first one created. */
        ANSWER_IS_THAT_IT_EXISTS
    }

    UnreliableStorage(StateStorage storage) {
        this.storage = storage;
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
        boolean created = storage.createIfAbsent(path, text);
        if (trouble == Trouble.ANSWER_IS_LOST) {
            throw new StorageException("connection reset", null);
        }
        return created && trouble == Trouble.NONE;
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
    public void verify() {
        storage.verify();
    }

    @Override
    public String uriOf(String path) {
        return storage.uriOf(path);
    }

    @Override
    public Optional<String> read(String path) {
        return storage.read(path);
    }

    @Override
    public void write(String path, String text) {
        storage.write(path, text);
    }

    @Override
    public void putArtifact(String path, Path content) {
        storage.putArtifact(path, content);
    }

    @Override
    public void putArtifact(String path, byte[] content) {
        storage.putArtifact(path, content);
    }

    @Override
    public Optional<byte[]> artifact(String path) {
        return storage.artifact(path);
    }

    @Override
    public List<String> children(String directory) {
        return storage.children(directory);
    }

    @Override
    public void close() {
        storage.close();
    }
}
