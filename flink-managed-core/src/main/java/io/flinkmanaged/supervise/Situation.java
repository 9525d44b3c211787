package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.launch.ClusterObservation;
import java.util.List;

/**
 * Everything that a decision is made from.
 *
 * @param observation what was seen last
 * @param lost the jobs that should run in the current epoch and do not
 * @param history what was done lately
 * @param demand what the jobs need
 * @param failing the living jobs that have failed by their own doing, without a checkpoint since
 * @param nowTicks the time, in ticks of the time source
 */
public record Situation(
        ClusterObservation observation,
        LostJobs lost,
        ActionHistory history,
        Demand demand,
        List<RepeatedFailure> failing,
        long nowTicks) {

    /** Keeps a copy. */
    public Situation {
        failing = List.copyOf(failing);
    }

    /**
     * Makes one in which no job fails.
     *
     * @param observation what was seen last
     * @param lost the jobs that should run in the current epoch and do not
     * @param history what was done lately
     * @param demand what the jobs need
     * @param nowTicks the time, in ticks of the time source
     */
    public Situation(
            ClusterObservation observation, LostJobs lost, ActionHistory history, Demand demand, long nowTicks) {
        this(observation, lost, history, demand, List.of(), nowTicks);
    }
}
