package io.flinkmanaged;

import io.flinkmanaged.internal.TearDown;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cluster's name that is taken, and what must be given back with it. */
final class ClusterEntry {

    private final TearDown resources = new TearDown();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private Supplier<CompletableFuture<Boolean>> stop = () -> CompletableFuture.completedFuture(true);
    private @Nullable CompletableFuture<Boolean> stopped;
    private volatile @Nullable ManagedCluster cluster;

    /** Adds something that is given back with the name; only by the thread that starts the cluster. */
    void add(AutoCloseable resource) {
        resources.add(resource);
    }

    /**
     * Says how the cluster's processes are stopped: before everything else, and if that fails, nothing else is done.
     *
     * @param begin begins to stop them, and does not block
     */
    void stopFirst(Supplier<CompletableFuture<Boolean>> begin) {
        stop = begin;
    }

    /** Begins what {@link #release} waits for, so that several clusters stop at once; waits only for a release that is under way. */
    void beginRelease() {
        CompletableFuture<Boolean> unused = stopping();
    }

    private synchronized CompletableFuture<Boolean> stopping() {
        if (stopped == null) {
            stopped = stop.get();
        }
        return stopped;
    }

    void started(ManagedCluster managed) {
        cluster = managed;
    }

    /** Says that the start has ended, well or not. */
    void settle() {
        settled.complete(null);
    }

    /** Waits until the start has ended. */
    void awaitSettled() {
        settled.join();
    }

    /** Returns the cluster; empty until it is started. */
    Optional<ManagedCluster> cluster() {
        return Optional.ofNullable(cluster);
    }

    /**
     * Gives everything back. While processes may live, their directory and storage stay, and so does the name: then it
     * can be tried again. Called again after a success, it does nothing.
     */
    synchronized void release() throws Exception {
        try {
            boolean unused = stopping().join();
        } catch (RuntimeException e) {
            stopped = null;
            throw e;
        }
        resources.run();
    }

    /** Gives everything back after a failed start. */
    void releaseAfter(Throwable cause) {
        try {
            release();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }
}
