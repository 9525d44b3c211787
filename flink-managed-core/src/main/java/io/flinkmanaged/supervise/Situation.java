package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.launch.ClusterObservation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a decision is made from.
 *
 * @param observation what was seen last
 * @param lost the jobs that should run in the current epoch and do not
 * @param history what was done lately
 * @param demand what the jobs need
 * @param failing the living jobs that have failed, without a checkpoint since
 * @param stale the running jobs whose checkpoints fail
 * @param storageAnswering for how long the state storage has answered whenever it was asked; zero if it has not, or was not
 *     asked, because JobManagers do not die
 * @param storageOutage why the state storage did not answer when it was asked last; empty if it did, or was not asked
 * @param nowTicks the time, in ticks of the time source
 */
public record Situation(
        ClusterObservation observation,
        LostJobs lost,
        ActionHistory history,
        Demand demand,
        List<RepeatedFailure> failing,
        List<StaleCheckpoint> stale,
        Duration storageAnswering,
        Optional<String> storageOutage,
        long nowTicks) {

    /** Keeps a copy. */
    public Situation {
        failing = List.copyOf(failing);
        stale = List.copyOf(stale);
    }

    /**
     * Makes one in which no job and no checkpoint fails, and the storage was not asked.
     *
     * @param observation what was seen last
     * @param lost the jobs that should run in the current epoch and do not
     * @param history what was done lately
     * @param demand what the jobs need
     * @param nowTicks the time, in ticks of the time source
     */
    public Situation(
            ClusterObservation observation, LostJobs lost, ActionHistory history, Demand demand, long nowTicks) {
        this(observation, lost, history, demand, List.of(), List.of(), Duration.ZERO, Optional.empty(), nowTicks);
    }
}
