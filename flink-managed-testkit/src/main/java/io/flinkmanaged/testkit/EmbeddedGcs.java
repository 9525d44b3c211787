package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.testkit.GcsObject.Attributes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server of Google Cloud Storage's JSON API within the test's JVM, in memory, on a free port of the loopback address: what
 * Flink's file system and this library ask, with conditions, ranges, pages, uploads of every kind, batches, composed and
 * copied objects, checksums and generations.
 *
 * <pre>{@code
 * @AutoClose
 * static final EmbeddedGcs GCS = EmbeddedGcs.start("state");
 *
 * GCS.inject(GcsFault.reject(503, "backendError").on(GcsOperation.UPLOAD).first(3));
 * }</pre>
 *
 * <p>Anybody may ask until {@link #requireTokens()}; {@link #keyFile()} is the file of a service account that is known
 * here, with the address of this server's own token service in it.
 *
 * <p>Not here: the XML and gRPC APIs, access lists and policies, former generations, encryption (it can be set and told),
 * {@code matchGlob}, soft deletion, folders; changing, listing and deleting buckets; the headers {@code If-Match} and {@code
 * If-None-Match}, which go unread (conditions are the parameters {@code if…Match}). A chunk of a resumable upload may have
 * any length, where Google wants multiples of 256 KiB from all but the last. A batch is one request: those within it are
 * neither logged nor suffer faults by themselves. Requests and answers pass through memory in one piece.
 *
 * <p>Thread-safe. The creator closes it.
 */
public final class EmbeddedGcs implements AutoCloseable {

    private final String bucket;
    private final GcsBuckets buckets;
    private final GcsTokens tokens;
    private final HttpFront<GcsRequest, GcsFault> front;
    private final URI endpoint;
    private final TearDown running;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedGcs(String bucket, TearDown running) throws Exception {
        this.bucket = bucket;
        this.running = running;
        SystemTimeSource time = new SystemTimeSource();
        running.add(time);
        buckets = new GcsBuckets(time);
        tokens = new GcsTokens(time);
        front = new HttpFront<>(new GcsApi(buckets, new GcsUploads(buckets, time), tokens), time);
        endpoint = URI.create("http://127.0.0.1:" + front.listen("embedded-gcs", running));
        createBucket(bucket);
    }

    /**
     * Starts a server with one bucket.
     *
     * @param bucket the bucket's name
     * @return the server, which answers; the caller closes it
     */
    public static EmbeddedGcs start(String bucket) {
        TearDown running = new TearDown();
        try {
            return new EmbeddedGcs(bucket, running);
        } catch (Exception e) {
            running.after(e);
            throw new IllegalStateException("The embedded GCS could not be started.", e);
        }
    }

    /** Returns where it listens: scheme, address and port. */
    public URI endpoint() {
        return endpoint;
    }

    /** Returns the bucket it was started with. */
    public String bucket() {
        return bucket;
    }

    /** From now on, every request needs an access token that this server has issued. */
    public void requireTokens() {
        tokens.require(true);
    }

    /** Makes the tokens that were issued worthless, as when a key is revoked; new ones can be had. */
    public void revokeTokens() {
        tokens.revoke();
    }

    /**
     * Returns the key file of a service account that gets tokens here, as Google writes such files. Its private key was made
     * for this server and opens nothing else.
     *
     * @return JSON
     */
    public String keyFile() {
        return tokens.keyFile(endpoint);
    }

    /**
     * Creates a further bucket.
     *
     * @param name its name
     */
    public void createBucket(String name) {
        ObjectNode unused = buckets.create(name, GcsJson.object());
    }

    /**
     * Lets the first bucket tell settings of its own: {@code encryption}, {@code versioning}, {@code lifecycle}, {@code
     * softDeletePolicy} and so on. Nothing else follows from them.
     *
     * @param json an object as Google's API returns a bucket's; what it names takes the place of what was there
     */
    public void tell(String json) {
        buckets.set(bucket, GcsJson.read(json.getBytes(UTF_8)));
    }

    /**
     * Lets something go wrong from now on, until {@link #heal()} or the fault's own end. Of several faults that concern a
     * request, the one that was injected first plays.
     *
     * @param fault what, and with which requests
     */
    public void inject(GcsFault fault) {
        front.inject(fault);
    }

    /** Ends all faults; requests that are being delayed stay so. */
    public void heal() {
        front.heal();
    }

    /** Returns what was asked since the start, or since {@link #forgetRequests()}, in order; refused requests too. */
    public List<GcsRequest> requests() {
        return front.requests();
    }

    /**
     * Counts requests since the start, or since {@link #forgetRequests()}.
     *
     * @param chosen which
     */
    public long count(Predicate<GcsRequest> chosen) {
        return requests().stream().filter(chosen).count();
    }

    /** Empties the log of requests. */
    public void forgetRequests() {
        front.forgetRequests();
    }

    /**
     * Returns what is stored, past all faults and without a request.
     *
     * @param prefix what the names begin with; empty for all
     * @return the names of the first bucket's objects, in order; markers of directories too, which end with a slash
     */
    public List<String> keys(String prefix) {
        return buckets.objects(bucket).keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /**
     * Reads an object of the first bucket, past all faults and without a request.
     *
     * @param key its name
     * @return its content; empty if it is absent
     */
    public Optional<byte[]> read(String key) {
        return buckets.find(bucket, key).map(object -> object.content().bytes().clone());
    }

    /**
     * Writes an object of the first bucket, past all faults and without a request.
     *
     * @param key its name
     * @param content its content
     */
    public void write(String key, byte[] content) {
        GcsObject unused =
                buckets.put(bucket, key, GcsContent.of(content.clone()), Attributes.NONE, GcsConditions.NONE);
    }

    /**
     * Deletes an object of the first bucket if it is there, past all faults and without a request.
     *
     * @param key its name
     */
    public void delete(String key) {
        if (buckets.find(bucket, key).isPresent()) {
            buckets.delete(bucket, key, Optional.empty(), GcsConditions.NONE);
        }
    }

    /** Stops the server; its objects are gone. Any number of times. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                running.run();
            } catch (Exception e) {
                throw new IllegalStateException("The embedded GCS did not stop cleanly.", e);
            }
        }
    }
}
