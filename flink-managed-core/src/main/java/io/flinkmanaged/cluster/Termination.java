package io.flinkmanaged.cluster;

import io.flinkmanaged.model.ManagedFlinkException;

/**
 * The end of a cluster for good. That it is wanted is written down before anything is ended, so that a termination that has begun
 * is finished by whoever operates the cluster next, and none ends half of the jobs.
 */
public final class Termination {

    private final Cluster cluster;
    private final WantedClusters wanted;

    /**
     * Creates the end of a cluster.
     *
     * @param cluster the cluster
     * @param wanted where its end is written down, if it is operated
     */
    public Termination(Cluster cluster, WantedClusters wanted) {
        this.cluster = cluster;
        this.wanted = wanted;
    }

    /**
     * Ends it; blocks, and belongs on the cluster's lane. Any number of times.
     *
     * @throws ManagedFlinkException if a process of it may live, the journal cannot be written, or the storage does not answer;
     *     to be called again
     */
    public void run() {
        if (cluster.isOperated()) {
            cluster.ensureMayAct();
            wanted.terminate(cluster.spec());
        }
        cluster.terminate();
        wanted.forget(cluster.spec().name());
    }
}
