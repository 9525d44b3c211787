package io.flinkmanaged.benchmarks;

/** A cluster of one side. */
interface SideCluster {

    /**
     * Submits a job.
     *
     * @param job the job
     * @return the job, accepted by Flink
     * @throws Exception if it is not accepted
     */
    SideJob submit(JobDefinition job) throws Exception;

    /**
     * Loses the TaskManager, and has another put in its place as fast as this side can.
     *
     * @throws Exception if it cannot be lost
     */
    void loseTaskManager() throws Exception;

    /**
     * Ends the cluster.
     *
     * @throws Exception if it does not end
     */
    void close() throws Exception;
}
