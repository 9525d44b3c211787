package io.flinkmanaged.benchmarks;

/** A job of a cluster of one side. */
interface SideJob {

    /**
     * Waits until every task runs, by asking the dispatcher for the tasks' states every 2 ms.
     *
     * @throws Exception if that does not come to be
     */
    void awaitRunning() throws Exception;

    /**
     * Waits until the job has finished.
     *
     * @throws Exception if it fails
     */
    void awaitFinished() throws Exception;

    /**
     * Cancels the job and waits for its end.
     *
     * @throws Exception if it does not end
     */
    void cancel() throws Exception;
}
