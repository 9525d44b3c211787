package io.flinkmanaged.storage;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.StorageLocation;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where state outlives clusters: small records and artifacts of the library, beside the checkpoints that Flink writes.
 *
 * <p>Paths are relative to the location, segments separated by {@code /}. Implementations are thread-safe; a write is
 * durable and whole when it returns. Everything throws {@link StorageException} when the storage does not answer or
 * refuses; absence is a value.
 */
public interface StateStorage extends AutoCloseable {

    /** Returns the location this storage was opened for. */
    StorageLocation location();

    /**
     * Returns the Flink keys that jobs and nodes need to reach the location, with layer {@code STORAGE}.
     *
     * @return settings; a secret is never among them in clear
     */
    List<Setting> settings();

    /**
     * Returns how nodes that are processes reach the location.
     *
     * @return empty if Flink serves it without a plug-in
     * @throws StorageException if the plug-in cannot be handed to another JVM
     */
    default Optional<NodeFileSystem> nodeFileSystem() {
        return Optional.empty();
    }

    /**
     * Proves that the location can be written, read, listed and deleted, and looks for what works and could be better:
     * what is safe to use today and will be regretted, such as state that a rule of the storage would delete.
     *
     * <p>Advice is given only where the storage tells for certain. A question of that kind that is refused or not known
     * there is not a failure.
     *
     * @return advice, each with its remedy and the severity {@link Finding.Severity#ADVICE}; empty if there is none
     * @throws StorageException which says what cannot be done, and what to do
     */
    List<Finding> verify();

    /**
     * Returns the URI by which Flink reaches a path.
     *
     * @param path relative to the location
     */
    String uriOf(String path);

    /**
     * Reads a small record.
     *
     * @param path relative to the location
     * @return its text, or empty if it is absent
     */
    Optional<String> read(String path);

    /**
     * Creates a record if there is none, atomically: of several that try at once, in any process, one wins.
     *
     * @param path relative to the location
     * @param text its content
     * @return whether this call created it
     */
    boolean createIfAbsent(String path, String text);

    /**
     * Writes a record, in the place of a former one.
     *
     * @param path relative to the location
     * @param text its content
     */
    void write(String path, String text);

    /**
     * Puts an artifact whose path is made from its content; does nothing if it is there.
     *
     * @param path relative to the location
     * @param content a local file
     */
    void putArtifact(String path, Path content);

    /**
     * Puts an artifact whose path is made from its content; does nothing if it is there.
     *
     * @param path relative to the location
     * @param content all of it
     */
    void putArtifact(String path, byte[] content);

    /**
     * Brings an artifact to this machine.
     *
     * @param path relative to the location
     * @return its content, or empty if it is absent
     */
    Optional<byte[]> artifact(String path);

    /**
     * Lists what is directly below a directory.
     *
     * @param directory relative to the location
     * @return the names of records and directories, in order; empty if the directory is absent
     */
    List<String> children(String directory);

    /**
     * Lists every file below a directory, however deep, in as few requests as the storage can: a bucket lists a thousand
     * at once.
     *
     * @param directory relative to the location; empty for all of it
     * @return the files, in the order of their paths, with those that Flink wrote; empty if the directory is absent. What is
     *     written or deleted meanwhile may be in it or not
     */
    List<StoredFile> files(String directory);

    /**
     * Deletes files, as many in one request as the storage can, and with them directories that become empty. What is absent
     * already is as good as deleted.
     *
     * <p>Some storages say that they have deleted what is still there: whoever must be certain lists again.
     *
     * @param paths relative to the location
     */
    void delete(Collection<String> paths);

    /** Lets go of connections and threads; what is stored stays. */
    @Override
    void close();
}
