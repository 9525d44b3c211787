package io.flinkmanaged.config;

/**
 * What a change does to what runs, weakest first: of several changes that are applied together, the strongest decides.
 */
public enum Disruption {
    /** Nothing that runs is touched. What is started or submitted from now on has the new value. */
    NONE,
    /**
     * Taken up while everything runs, because the library itself keeps it. Flink 2.3 reads no key of a cluster's
     * configuration a second time, so no key is live.
     */
    LIVE,
    /** Each running job ends and is submitted again from its own state, as a new attempt; every process goes on. */
    JOBS,
    /**
     * TaskManagers are restarted one node at a time while the cluster answers; Flink restarts the jobs that have tasks
     * there, from their newest checkpoint, once a node.
     */
    ROLLING,
    /**
     * Every process ends and starts again as a new epoch. In between nothing runs; then each job continues from its own
     * state, as a new attempt.
     */
    RESTART,
    /** As {@link #RESTART}, on other nodes: their size or number changes. */
    REPLACE;

    /**
     * Returns the stronger of two.
     *
     * @param other the other
     */
    public Disruption or(Disruption other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
