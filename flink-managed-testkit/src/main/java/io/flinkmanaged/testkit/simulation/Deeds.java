package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import org.apache.flink.api.common.JobID;

/**
 * Is told what is really done to simulated clusters, and what becomes of it: what an observer would give much to know. Called
 * on the thread that has the turn; must not block.
 */
interface Deeds {

    /** Nobody listens. */
    Deeds UNTOLD = new Deeds() {};

    /** An epoch's first process is about to be started. */
    default void launching(ClusterName cluster, Epoch epoch) {}

    /** A process was started. */
    default void started(ClusterName cluster, Epoch epoch, SimulatedProcess process) {}

    /** A process died. */
    default void died(ClusterName cluster, Epoch epoch, SimulatedProcess process) {}

    /** A process is about to be exchanged for another, or to be ended because it hangs. */
    default void exchanging(ClusterName cluster, Epoch epoch, SimulatedProcess process, String deed) {}

    /** An epoch is about to be stopped. */
    default void stopping(ClusterName cluster, Epoch epoch) {}

    /** A stop was answered. */
    default void stopped(ClusterName cluster, Epoch epoch, boolean confirmed) {}

    /** Somebody asked whether processes of an epoch live, and learned that all are dead. */
    default void foundDead(Epoch epoch) {}

    /** A job's submission has arrived at a leader; it may be one that has arrived before. */
    default void submitted(ClusterName cluster, Epoch epoch, JobSubmission submission) {}

    /** A job has completed a checkpoint or savepoint. */
    default void completed(ClusterName cluster, JobID job, String uri) {}

    /** What JobManagers of an epoch leave for their successors was lost. */
    default void recoveryDataLost(Epoch epoch) {}

    /** A completed checkpoint was damaged. */
    default void damaged(String uri) {}
}
