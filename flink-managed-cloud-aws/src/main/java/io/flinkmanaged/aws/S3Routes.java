package io.flinkmanaged.aws;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.fs.s3native.NativeS3FileSystemFactory;
import org.apache.flink.util.AutoCloseableAsync;

/**
 * Which instance of Flink's S3 file system serves a bucket. Clusters with the same bucket and the same configuration share
 * one; it is closed with the last of them. Thread-safe.
 */
final class S3Routes {

    /** Of this JVM, as Flink's table of file systems is. */
    static final S3Routes OF_THIS_JVM = new S3Routes();

    private final Map<String, Route> byBucket = new HashMap<>();

    /** Returns what serves a bucket now. */
    synchronized Optional<Route> find(String bucket) {
        return Optional.ofNullable(byBucket.get(bucket));
    }

    /**
     * Registers a user of a bucket.
     *
     * @param user for messages, such as {@code cluster flights}
     * @return ends the registration
     * @throws ManagedFlinkException if the bucket is in use with another configuration
     */
    AutoCloseable register(S3Settings s3, Optional<S3Credentials> credentials, String user) {
        RouteKey key = RouteKey.of(s3, credentials);
        Route route = join(s3.bucket(), key, user).orElseGet(() -> openAndJoin(s3, credentials, key, user));
        AtomicBoolean released = new AtomicBoolean();
        return () -> {
            if (released.compareAndSet(false, true) && release(s3.bucket(), route, user)) {
                close(route);
            }
        };
    }

    private Route openAndJoin(S3Settings s3, Optional<S3Credentials> credentials, RouteKey key, String user) {
        Route opened = Route.open(s3, credentials, key);
        try {
            Route serving = joinOrPut(s3.bucket(), opened, user);
            if (serving != opened) {
                close(opened);
            }
            return serving;
        } catch (ManagedFlinkException e) {
            close(opened);
            throw e;
        }
    }

    private synchronized Route joinOrPut(String bucket, Route opened, String user) {
        Optional<Route> there = join(bucket, opened.key, user);
        if (there.isPresent()) {
            return there.get();
        }
        byBucket.put(bucket, opened);
        opened.users.add(user);
        return opened;
    }

    private synchronized Optional<Route> join(String bucket, RouteKey key, String user) {
        Route there = byBucket.get(bucket);
        if (there == null) {
            return Optional.empty();
        }
        if (!there.key.equals(key)) {
            String others = String.join(", ", new TreeSet<>(there.users));
            throw new ManagedFlinkException(
                    Code.CONFLICT,
                    null,
                    "bucket " + bucket + ": wanted by " + user + " with another configuration than " + others
                            + " uses (expected: one configuration of a bucket in a process, as Flink knows one file "
                            + "system a bucket). Give both the same region, endpoint, credentials, encryption and "
                            + "limits, use another bucket, or close " + others + " first.",
                    null);
        }
        there.users.add(user);
        return Optional.of(there);
    }

    private synchronized boolean release(String bucket, Route route, String user) {
        route.users.remove(user);
        return route.users.isEmpty() && byBucket.remove(bucket, route);
    }

    private static void close(Route route) {
        try {
            route.running.run();
        } catch (Exception e) {
            throw new StorageException(
                    "S3 file system: not closed cleanly (expected: all connections and files given back). "
                            + "What is left ends with the process: " + e,
                    e);
        }
    }

    /** An instance with its users. */
    static final class Route {

        private static final int CLOSE_SECONDS = 30;

        private final FileSystem files;
        private final RouteKey key;
        private final TearDown running;
        /** Guarded by the routes; one user as often as it is registered. */
        private final List<String> users = new ArrayList<>();

        private Route(FileSystem files, RouteKey key, TearDown running) {
            this.files = files;
            this.key = key;
            this.running = running;
        }

        FileSystem files() {
            return files;
        }

        boolean acceptsLossyFileSink() {
            return key.lossyFileSink();
        }

        private static Route open(S3Settings s3, Optional<S3Credentials> credentials, RouteKey key) {
            TearDown running = new TearDown();
            try {
                Path spool = spoolDirectory(s3);
                running.add(() -> Directories.deleteTree(spool));
                NativeS3FileSystemFactory factory = new NativeS3FileSystemFactory();
                Configuration configuration = S3FlinkKeys.configuration(s3, credentials, spool.toString());
                factory.configure(configuration);
                FileSystem files = factory.create(URI.create(S3Storage.SCHEME + "://" + s3.bucket()));
                running.add(() -> ((AutoCloseableAsync) files).closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS));
                return new Route(files, key, running);
            } catch (IOException | RuntimeException e) {
                running.after(e);
                throw new StorageException(
                        "bucket " + s3.bucket() + ": Flink's S3 file system cannot be opened (expected: a directory to "
                                + "spool state files in, and credentials of the named kind): " + e,
                        e);
            }
        }

        private static Path spoolDirectory(S3Settings s3) throws IOException {
            Optional<String> parent = s3.spoolDirectory();
            if (parent.isEmpty()) {
                return Files.createTempDirectory("flink-managed-s3-");
            }
            try {
                return Files.createTempDirectory(Directories.create(Path.of(parent.get())), "flink-managed-s3-");
            } catch (IOException e) {
                throw InvalidInputException.of(
                                S3Option.SPOOL_DIRECTORY.key(),
                                parent.get(),
                                "a directory that can be written",
                                "Create it, or name another one.")
                        .because(e);
            }
        }
    }

    /** What two users of a bucket must agree about: everything but the prefix. Holds secrets, so it is never shown. */
    private static final class RouteKey {

        private final Map<String, String> configuration;
        private final boolean lossyFileSink;

        private RouteKey(Map<String, String> configuration, boolean lossyFileSink) {
            this.configuration = configuration;
            this.lossyFileSink = lossyFileSink;
        }

        static RouteKey of(S3Settings s3, Optional<S3Credentials> credentials) {
            // A spool directory has another name each time, so its parent stands for it.
            String spools = s3.spoolDirectory().orElse("");
            return new RouteKey(
                    S3FlinkKeys.configuration(s3, credentials, spools).toMap(), s3.acceptsLossyFileSink());
        }

        boolean lossyFileSink() {
            return lossyFileSink;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RouteKey that
                    && configuration.equals(that.configuration)
                    && lossyFileSink == that.lossyFileSink;
        }

        @Override
        public int hashCode() {
            return configuration.hashCode();
        }
    }
}
