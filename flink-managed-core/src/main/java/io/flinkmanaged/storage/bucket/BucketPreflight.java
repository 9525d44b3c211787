package io.flinkmanaged.storage.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.storage.StorageException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Does with a bucket, in a dozen small requests, what a cluster will do with it, before one trusts it. Leaves nothing
 * behind.
 */
public final class BucketPreflight {

    /** How often its client tries again: a person waits. */
    public static final int RETRIES = 1;

    private static final Duration MOST_PATIENCE = Duration.ofSeconds(5);

    private final BucketAddress address;
    private final BucketObjects objects;
    private final String condition;
    private final String directory;
    private final String id;

    /**
     * Creates it.
     *
     * @param address where the state is to lie
     * @param objects asks with little patience
     * @param condition what the server must know so that a creation is atomic: {@code If-None-Match: *}
     * @param id a text that nobody else has
     */
    public BucketPreflight(BucketAddress address, BucketObjects objects, String condition, String id) {
        this.address = address;
        this.objects = objects;
        this.condition = condition;
        this.directory = address.keyOf(".preflight/" + id) + "/";
        this.id = id;
    }

    /**
     * Returns how long its client waits.
     *
     * @param wanted a cluster's patience
     */
    public static Duration patience(Duration wanted) {
        return wanted.compareTo(MOST_PATIENCE) < 0 ? wanted : MOST_PATIENCE;
    }

    /**
     * Looks at the bucket.
     *
     * @throws StorageException which says what cannot be done, and what to do
     */
    public void run() {
        // First, because only a listing says what is wrong with a key: a HEAD is refused without a word.
        List<String> unused = objects.children(directory);
        try {
            readsBackWhatIsWritten();
            createsOnce();
        } catch (RuntimeException e) {
            removeAfter(e);
            throw e;
        }
        remove();
    }

    private void readsBackWhatIsWritten() {
        String key = directory + "object";
        requireSame(key, write(key, "first " + id));
        requireSame(key, write(key, "second, in the place of the first " + id));
    }

    private byte[] write(String key, String text) {
        byte[] content = text.getBytes(UTF_8);
        objects.write(key, content);
        return content;
    }

    private void requireSame(String key, byte[] written) {
        Optional<byte[]> read = objects.read(key);
        if (read.isEmpty() || !Arrays.equals(read.get(), written)) {
            throw refuse(
                    key,
                    "content",
                    read.map(bytes -> "other bytes than were written").orElse("absent after it was written"),
                    "the bytes that were written last",
                    "Something between changes or remembers answers: go around the proxy or cache.");
        }
    }

    private void createsOnce() {
        String key = directory + "claim";
        boolean first = objects.createIfAbsent(key, "first".getBytes(UTF_8));
        boolean second = objects.createIfAbsent(key, "second".getBytes(UTF_8));
        if (!first || second) {
            throw refuse(
                    key,
                    "conditional write",
                    second ? "two were first" : "nobody was first",
                    "a server that keeps " + condition,
                    "Without it two processes can own one cluster. Use a server or a version that knows it.");
        }
    }

    private void remove() {
        objects.delete(List.of(directory + "object", directory + "claim"));
        List<String> left = objects.children(directory);
        if (!left.isEmpty()) {
            throw refuse(
                    directory,
                    "deletion",
                    left + " left",
                    "a listing without what was deleted",
                    "Look at the bucket's replication or at caches between.");
        }
    }

    private void removeAfter(RuntimeException cause) {
        try {
            objects.delete(List.of(directory + "object", directory + "claim"));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private StorageException refuse(String key, String subject, String value, String expected, String remedy) {
        return new StorageException(
                "storage " + address.uriOfKey(key) + ": " + new Finding(subject, value, expected, remedy), null);
    }
}
