package io.flinkmanaged.gcp;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.bucket.BucketNames;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.MemorySize;

/**
 * State in a bucket of Google Cloud Storage.
 *
 * <pre>{@code
 * StorageLocation state = GcsStorage.bucket("acme-flink-state")
 *         .prefix("production")
 *         .build();
 * Checkpointing.every(Duration.ofMinutes(1)).to(state);
 * }</pre>
 *
 * <p>Credentials are those that the environment variable {@code GOOGLE_APPLICATION_CREDENTIALS} names (a service account's
 * key, or an authorized user's), or else the machine's own, unless {@link #keyFile} or {@link #workloadIdentity} says
 * otherwise. Needed permissions: {@code storage.objects.list}, {@code get}, {@code create} and {@code delete} on the bucket,
 * as in the role Storage Object User; {@code storage.buckets.get} for {@link #encryptedByKms} and for advice.
 *
 * <p>Google's connector is loaded in a class loader of its own: none of its classes is on the class path of whoever uses
 * this. A builder; not thread-safe.
 */
public final class GcsStorage {

    /** The scheme of its URIs. */
    public static final String SCHEME = "gs";

    private final String bucket;
    private String prefix = "";
    private final Map<String, String> options = new TreeMap<>();

    private GcsStorage(String bucket) {
        this.bucket = bucket;
    }

    /**
     * Begins a location.
     *
     * @param name the bucket, which exists; by Google's rules for names, and without underscores, as Flink reads it as the
     *     host of a URI
     */
    public static GcsStorage bucket(String name) {
        GcsNames.brokenByBucket(name).ifPresent(expected -> {
            throw InvalidInputException.of("bucket", name, expected, "Use a bucket with such a name.");
        });
        return new GcsStorage(name);
    }

    /**
     * Sets where in the bucket the state lies. By default at its top.
     *
     * @param segments letters, digits and {@code !_.*'()=-}, separated by single slashes; at most 512 characters
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage prefix(String segments) {
        BucketNames.brokenByPrefix(segments).ifPresent(expected -> {
            throw InvalidInputException.of("prefix", segments, expected, "Leave out other characters.");
        });
        this.prefix = segments;
        return this;
    }

    /**
     * Sets the project. By default none: a bucket that exists is found by its name alone, and nothing is created.
     *
     * @param id the project's id, such as {@code acme-data}
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage project(String id) {
        return set(GcsOption.PROJECT, id);
    }

    /**
     * Sets the address of another server than {@code https://storage.googleapis.com}: a private endpoint or an emulator.
     *
     * @param address scheme, host and perhaps port
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage endpoint(URI address) {
        return set(GcsOption.ENDPOINT, address.toString());
    }

    /**
     * Uses a service account's key. It stays in its file: the file's path is all that appears in any configuration. Read
     * when a cluster is launched, on each machine of it.
     *
     * @param json the file that Google gives for a new key, in JSON; made absolute
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage keyFile(Path json) {
        return set(GcsOption.KEY_FILE, json.toAbsolutePath().toString());
    }

    /**
     * Uses the machine's or pod's own service account, from the metadata server of Compute Engine or of GKE's Workload
     * Identity; a launch is refused where {@code GOOGLE_APPLICATION_CREDENTIALS} names something else. By default that
     * variable is followed.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage workloadIdentity() {
        return set(GcsOption.WORKLOAD_IDENTITY, "true");
    }

    /**
     * Sends no credentials at all, for emulators.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage withoutCredentials() {
        return set(GcsOption.ANONYMOUS, "true");
    }

    /**
     * Demands that everything is encrypted with a key of one's own in Cloud KMS (CMEK). Google's connector cannot name a key
     * with what it writes, so this is the bucket's <em>default</em> key: the preflight refuses a bucket with another one. By
     * default the bucket's own setting holds, whatever it is.
     *
     * @param key {@code projects/…/locations/…/keyRings/…/cryptoKeys/…}
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage encryptedByKms(String key) {
        return set(GcsOption.KMS_KEY, key);
    }

    /**
     * Sets how often a request is tried again that failed for the network's or the server's sake, with growing pauses.
     *
     * <p>While Flink writes the metadata of a checkpoint, its JobMaster may have to wait, and answers nobody: with many
     * retries, an outage makes a job look dead.
     *
     * @param count 0..20; 3 by default, which takes seconds if connections fail at once
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage retries(int count) {
        return set(GcsOption.RETRIES, Integer.toString(count));
    }

    /**
     * Sets how long a connection may take to be made.
     *
     * @param timeout 100 milliseconds to 10 minutes; 10 seconds by default (the connector's own default is 20)
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage connectTimeout(Duration timeout) {
        return set(GcsOption.CONNECT_TIMEOUT, timeout.toString());
    }

    /**
     * Sets how long an answer may take to begin, or a connection be silent during one.
     *
     * @param timeout 100 milliseconds to 10 minutes; 30 seconds by default (the connector's own default is 20)
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage readTimeout(Duration timeout) {
        return set(GcsOption.READ_TIMEOUT, timeout.toString());
    }

    /**
     * Sets how much of a file is sent in one request. Each file that is being written holds so much memory, outside of
     * Flink's managed memory.
     *
     * @param size 256 KiB to 256 MiB, a multiple of 256 KiB; 8 MiB by default (the connector's own default is 64)
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage uploadChunk(MemorySize size) {
        return set(GcsOption.UPLOAD_CHUNK, size.getBytes() + " b");
    }

    /**
     * Lets the connector keep up the picture of a file system, for other programs that look at the bucket as one: it asks
     * before each file whether a directory has its name, and puts back directory markers after each deletion. By default
     * not: Flink does not need it, and it takes more than a third of all requests.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public GcsStorage directoryChecks() {
        return set(GcsOption.DIRECTORY_CHECKS, "true");
    }

    /**
     * Returns the location.
     *
     * @return plain data, without a secret
     * @throws InvalidInputException if something is malformed or contradictory: all of it at once
     */
    public StorageLocation build() {
        URI uri = URI.create(SCHEME + "://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix));
        StorageLocation location = new StorageLocation(uri, new TreeMap<>(options));
        GcsSettings unused = GcsSettings.of(location);
        return location;
    }

    @CanIgnoreReturnValue
    private GcsStorage set(GcsOption option, String value) {
        options.put(option.key(), value);
        return this;
    }
}
