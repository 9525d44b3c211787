package io.flinkmanaged.testkit;

import com.sun.net.httpserver.HttpServer;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.SystemTimeSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * An S3 server within the test's JVM, in memory, on a free port of the loopback address. It checks signatures (version 4),
 * access keys and the region they are made for, and knows conditional writes.
 *
 * <pre>{@code
 * @AutoClose
 * static final EmbeddedS3 S3 = EmbeddedS3.start("state");
 *
 * S3.inject(S3Fault.reject(503, "SlowDown").on(S3Operation.PUT).first(3));
 * }</pre>
 *
 * <p>Clients address buckets in the path ({@code http://127.0.0.1:port/bucket/key}). Requests and answers pass through
 * memory in one piece, so objects of some hundred megabytes need a heap that holds them twice. An object {@code a} and one
 * {@code a/b} cannot both exist, other than in S3. It is S3Proxy with a front of ours, which plays the faults.
 *
 * <p>Thread-safe. The creator closes it.
 */
public final class EmbeddedS3 implements AutoCloseable {

    /** The region of a server that was started without one. */
    public static final String REGION = "us-east-1";

    private static final String ACCESS_KEY = "AKIAEMBEDDEDS3";
    private static final String SECRET_KEY = "the-secret-key-of-the-embedded-s3";

    private final String bucket;
    private final String region;
    private final TransientNio2BlobStore store;
    private final EmbeddedSts sts;
    private final S3Front front;
    private final URI endpoint;
    private final TearDown running;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedS3(String bucket, String region, TearDown running) throws Exception {
        this.bucket = bucket;
        this.region = region;
        this.running = running;
        SystemTimeSource time = new SystemTimeSource();
        running.add(time);
        store = new TransientNio2BlobStore();
        S3Proxy server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                // It knows neither the token of a session nor a KMS key.
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        S3Sessions sessions = new S3Sessions(time);
        server.setBlobStoreLocator((user, container, key) -> secretOf(user, sessions)
                .map(secret -> new AccessGrant(secret, store))
                .orElse(null));
        server.start();
        running.add(server::stop);
        sts = new EmbeddedSts(ACCESS_KEY, SECRET_KEY, sessions);
        front = new S3Front(server.getPort(), region, time, sessions, sts);
        endpoint = URI.create("http://127.0.0.1:" + listen());
        createBucket(bucket);
    }

    /**
     * Starts a server in {@link #REGION} with one bucket.
     *
     * @param bucket the bucket's name
     * @return the server, which answers; the caller closes it
     */
    public static EmbeddedS3 start(String bucket) {
        return start(bucket, REGION);
    }

    /**
     * Starts a server with one bucket.
     *
     * @param bucket the bucket's name
     * @param region the region that requests must be signed for
     * @return the server, which answers; the caller closes it
     */
    public static EmbeddedS3 start(String bucket, String region) {
        // The JDK's server otherwise holds back the second packet of each answer for 40 ms. Read once a JVM.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        TearDown running = new TearDown();
        try {
            return new EmbeddedS3(bucket, region, running);
        } catch (Exception e) {
            running.after(e);
            throw new IllegalStateException("The embedded S3 could not be started.", e);
        }
    }

    private static Optional<String> secretOf(@Nullable String accessKey, S3Sessions sessions) {
        return accessKey == null
                ? Optional.empty()
                : accessKey.equals(ACCESS_KEY) ? Optional.of(SECRET_KEY) : sessions.secretOf(accessKey);
    }

    private int listen() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "embedded-s3");
            thread.setDaemon(true);
            return thread;
        });
        running.add(threads::shutdownNow);
        running.add(() -> http.stop(0));
        http.setExecutor(threads);
        http.createContext("/", front::handle);
        http.start();
        return http.getAddress().getPort();
    }

    /** Returns where it listens: scheme, address and port. */
    public URI endpoint() {
        return endpoint;
    }

    /** Returns the bucket it was started with. */
    public String bucket() {
        return bucket;
    }

    /** Returns the region that requests must be signed for. */
    public String region() {
        return region;
    }

    /** Returns the access key id that it knows. */
    public String accessKey() {
        return ACCESS_KEY;
    }

    /** Returns the secret key that belongs to {@link #accessKey()}. */
    public String secretKey() {
        return SECRET_KEY;
    }

    /** Returns the service, at the same endpoint, that exchanges the key for sessions of a role; of none by default. */
    public EmbeddedSts sts() {
        return sts;
    }

    /**
     * Lets the buckets tell settings of theirs. By default {@link S3BucketSettings#UNKNOWN}.
     *
     * @param settings what they say
     */
    public void tell(S3BucketSettings settings) {
        front.set(settings);
    }

    /**
     * Creates a further bucket.
     *
     * @param name its name
     */
    public void createBucket(String name) {
        CreateBucketResponse unused = store.createContainer(name);
    }

    /**
     * Lets something go wrong from now on, until {@link #heal()} or the fault's own end. Of several faults that concern a
     * request, the one that was injected first plays.
     *
     * @param fault what, and with which requests
     */
    public void inject(S3Fault fault) {
        front.inject(fault);
    }

    /** Ends all faults; requests that are being delayed stay so. */
    public void heal() {
        front.heal();
    }

    /** Returns what was asked since the start, or since {@link #forgetRequests()}, in order; refused requests too. */
    public List<S3Request> requests() {
        return front.requests();
    }

    /**
     * Counts requests since the start, or since {@link #forgetRequests()}.
     *
     * @param chosen which
     */
    public long count(Predicate<S3Request> chosen) {
        return requests().stream().filter(chosen).count();
    }

    /** Empties the log of requests. */
    public void forgetRequests() {
        front.forgetRequests();
    }

    /**
     * Returns what is stored, past all faults and without a request.
     *
     * @param prefix what the keys begin with; empty for all
     * @return the keys of the first bucket, in order
     */
    public List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            Optional<String> from = next;
            ListObjectsV2Response page = store.list(ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .continuationToken(from.orElse(null))
                    .build());
            page.contents().forEach(object -> keys.add(object.key()));
            next = Optional.ofNullable(page.nextContinuationToken());
        } while (next.isPresent());
        return keys;
    }

    /**
     * Reads an object of the first bucket, past all faults and without a request.
     *
     * @param key its key
     * @return its content; empty if it is absent
     */
    public Optional<byte[]> read(String key) {
        if (!store.blobExists(bucket, key)) {
            return Optional.empty();
        }
        try (ResponseInputStream<GetObjectResponse> content = store.getBlob(bucket, key)) {
            return Optional.of(content.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes an object of the first bucket, past all faults and without a request.
     *
     * @param key its key
     * @param content its content
     */
    public void write(String key, byte[] content) {
        PutObjectResponse unused = store.putBlob(
                PutObjectRequest.builder()
                        .bucket(bucket)
                        .key(key)
                        .contentLength((long) content.length)
                        .build(),
                new ByteArrayInputStream(content));
    }

    /**
     * Deletes an object of the first bucket, past all faults and without a request.
     *
     * @param key its key
     */
    public void delete(String key) {
        store.removeBlob(bucket, key);
    }

    /** Stops the server; its objects are gone. Any number of times. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                running.run();
            } catch (Exception e) {
                throw new IllegalStateException("The embedded S3 did not stop cleanly.", e);
            }
        }
    }
}
