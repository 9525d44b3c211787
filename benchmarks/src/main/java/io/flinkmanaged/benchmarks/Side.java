package io.flinkmanaged.benchmarks;

import java.nio.file.Path;

/** One of the ways to run a cluster in this JVM: one TaskManager with two slots. */
interface Side {

    int SLOTS = 2;

    /** Returns the name in the table. */
    String label();

    /**
     * Starts a cluster.
     *
     * @param directory for its state; of its own
     * @return the cluster; closed by the caller
     * @throws Exception if it does not start
     */
    SideCluster start(Path directory) throws Exception;
}
