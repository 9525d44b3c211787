package io.flinkmanaged;

import io.flinkmanaged.internal.TearDown;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A cluster's name that is taken, and what must be given back with it. */
final class ClusterEntry {

    private final TearDown resources = new TearDown();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private AutoCloseable processes = () -> {};
    private volatile @Nullable ManagedCluster cluster;

    /** Adds something that is given back with the name; only by the thread that starts the cluster. */
    void add(AutoCloseable resource) {
        resources.add(resource);
    }

    /** Says how the cluster's processes are stopped: before everything else, and if that fails, nothing else is done. */
    void stopFirst(AutoCloseable stop) {
        processes = stop;
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
        processes.close();
        processes = () -> {};
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
