package io.flinkmanaged.storage.bucket;

import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.storage.StorageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.core.fs.FileSystem;

/**
 * Which instance of Flink's file system serves a bucket. Clusters with the same bucket and the same configuration share one;
 * it is closed with the last of them. Thread-safe.
 *
 * @param <C> what two users of a bucket must agree about; compared by {@code equals}, never shown
 */
public final class BucketRoutes<C> {

    private final Map<String, Route<C>> byBucket = new HashMap<>();

    /** Creates it; one for each scheme and JVM, as Flink's table of file systems is. */
    public BucketRoutes() {}

    /**
     * Returns what serves a bucket now.
     *
     * @param bucket its name
     */
    public synchronized Optional<Route<C>> find(String bucket) {
        return Optional.ofNullable(byBucket.get(bucket));
    }

    /**
     * Registers a user of a bucket.
     *
     * @param bucket its name
     * @param configuration what this user wants
     * @param opening opens an instance with that configuration, if none is there
     * @param user for messages, such as {@code cluster flights}
     * @return ends the registration
     * @throws ManagedFlinkException if the bucket is in use with another configuration
     */
    public AutoCloseable register(String bucket, C configuration, BucketFileSystem.Opening opening, String user) {
        Route<C> route = join(bucket, configuration, user)
                .orElseGet(() -> joinOrClose(bucket, new Route<>(opening.open(), configuration), user));
        AtomicBoolean released = new AtomicBoolean();
        return () -> {
            if (released.compareAndSet(false, true) && release(bucket, route, user)) {
                route.close(bucket);
            }
        };
    }

    /** Nothing is locked while an instance is opened, so another user may have been faster. */
    private Route<C> joinOrClose(String bucket, Route<C> opened, String user) {
        try {
            Route<C> serving = joinOrPut(bucket, opened, user);
            if (serving != opened) {
                opened.close(bucket);
            }
            return serving;
        } catch (ManagedFlinkException e) {
            opened.close(bucket);
            throw e;
        }
    }

    private synchronized Route<C> joinOrPut(String bucket, Route<C> opened, String user) {
        Optional<Route<C>> there = join(bucket, opened.configuration, user);
        if (there.isPresent()) {
            return there.get();
        }
        byBucket.put(bucket, opened);
        opened.users.add(user);
        return opened;
    }

    private synchronized Optional<Route<C>> join(String bucket, C configuration, String user) {
        Route<C> there = byBucket.get(bucket);
        if (there == null) {
            return Optional.empty();
        }
        if (!there.configuration.equals(configuration)) {
            String others = String.join(", ", new TreeSet<>(there.users));
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    null,
                    "bucket " + bucket + ": wanted by " + user + " with another configuration than " + others
                            + " uses (expected: one configuration of a bucket in a process, as Flink knows one file "
                            + "system a bucket). Give both the same endpoint, credentials and other options, use another "
                            + "bucket, or close " + others + " first.",
                    null);
        }
        there.users.add(user);
        return Optional.of(there);
    }

    private synchronized boolean release(String bucket, Route<C> route, String user) {
        route.users.remove(user);
        return route.users.isEmpty() && byBucket.remove(bucket, route);
    }

    /**
     * An instance with its users.
     *
     * @param <C> what they agree about
     */
    public static final class Route<C> {

        private final BucketFileSystem opened;
        private final C configuration;
        /** Guarded by the routes; one user as often as it is registered. */
        private final List<String> users = new ArrayList<>();

        private Route(BucketFileSystem opened, C configuration) {
            this.opened = opened;
            this.configuration = configuration;
        }

        /** Returns the instance. */
        public FileSystem files() {
            return opened.files();
        }

        /** Returns what its users agree about. */
        public C configuration() {
            return configuration;
        }

        private void close(String bucket) {
            try {
                opened.closing().close();
            } catch (Exception e) {
                throw new StorageException(
                        "file system of bucket " + bucket + ": not closed cleanly (expected: all connections and files "
                                + "given back). What is left ends with the process: " + e,
                        e);
            }
        }
    }
}
