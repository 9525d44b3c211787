package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.storage.StorageException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Does with a bucket, in a dozen small requests, what a cluster will do with it, before one trusts it. With a client of its
 * own that waits little and is closed at once. Leaves nothing behind.
 */
final class S3Preflight {

    private static final Duration MOST_PATIENCE = Duration.ofSeconds(5);
    private static final int RETRIES = 1;

    private final S3Settings s3;
    private final S3Objects objects;
    private final String directory;
    private final String id;

    private S3Preflight(S3Settings s3, S3Objects objects, String id) {
        this.s3 = s3;
        this.objects = objects;
        this.directory = s3.keyOf(".preflight/" + id) + "/";
        this.id = id;
    }

    /**
     * Looks at a bucket.
     *
     * @param id a text that nobody else has
     * @throws StorageException which says what cannot be done, and what to do
     */
    static void run(S3Settings s3, Optional<S3Credentials> credentials, String id) {
        TearDown opened = new TearDown();
        S3Client client =
                S3Clients.open(s3, credentials, least(s3.connectTimeout()), least(s3.socketTimeout()), RETRIES, opened);
        try {
            new S3Preflight(s3, new S3Objects(s3, client, id), id).run();
        } catch (RuntimeException e) {
            opened.after(e);
            throw e;
        }
        close(opened, s3);
    }

    private static void close(TearDown opened, S3Settings s3) {
        try {
            opened.run();
        } catch (Exception e) {
            throw new StorageException(
                    "bucket " + s3.bucket() + ": the client of the preflight was not closed cleanly (expected: all "
                            + "connections given back): " + e,
                    e);
        }
    }

    private static Duration least(Duration wanted) {
        return wanted.compareTo(MOST_PATIENCE) < 0 ? wanted : MOST_PATIENCE;
    }

    private void run() {
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
        boolean first = objects.createIfAbsent(key, RequestBody.fromString("first"));
        boolean second = objects.createIfAbsent(key, RequestBody.fromString("second"));
        if (!first || second) {
            throw refuse(
                    key,
                    "conditional write",
                    second ? "two were first" : "nobody was first",
                    "a server that keeps If-None-Match: *",
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
                "storage s3://" + s3.bucket() + "/" + key + ": " + new Finding(subject, value, expected, remedy), null);
    }
}
