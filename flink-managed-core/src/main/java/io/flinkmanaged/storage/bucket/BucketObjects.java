package io.flinkmanaged.storage.bucket;

import io.flinkmanaged.storage.StorageException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A bucket's objects by their keys: what Flink's file system lacks. Implementations are thread-safe. Everything throws
 * {@link StorageException}, with what a person can do, when the server does not do what is asked; absence is a value.
 */
public interface BucketObjects {

    /**
     * Reads a whole object: what was cut short or changed on its way is an exception, never an answer.
     *
     * @param key the object's
     */
    Optional<byte[]> read(String key);

    /**
     * Writes an object, in the place of a former one.
     *
     * @param key the object's
     * @param content all of it
     */
    void write(String key, byte[] content);

    /**
     * Creates an object if there is none; of several that try at once, one wins. An answer that was lost is not taken for
     * another's win.
     *
     * @param key the object's
     * @param content all of it
     * @return whether this call created it
     */
    boolean createIfAbsent(String key, byte[] content);

    /**
     * The same, with a file's content.
     *
     * @param key the object's
     * @param content a local file
     * @return whether this call created it
     */
    boolean createIfAbsent(String key, Path content);

    /**
     * Tells whether an object is there.
     *
     * @param key the object's
     */
    boolean exists(String key);

    /**
     * Lists what is directly below a prefix.
     *
     * @param prefix ends with a slash, or is empty
     * @return names, of directories without slash, in order; neither the directory's own marker, nor what is hidden
     */
    List<String> children(String prefix);

    /**
     * Lists all objects below a prefix, a thousand in one request.
     *
     * @param prefix ends with a slash, or is empty
     * @param objects is told each, in this thread
     */
    void list(String prefix, Consumer<StoredObject> objects);

    /**
     * Deletes objects, as many in one request as the server can. What is absent already is as good as deleted.
     *
     * @param keys the objects'
     */
    void delete(List<String> keys);

    /**
     * An object, as a listing shows it.
     *
     * @param key its whole key
     * @param bytes its length
     * @param modified when it was written last
     */
    record StoredObject(String key, long bytes, Instant modified) {}
}
