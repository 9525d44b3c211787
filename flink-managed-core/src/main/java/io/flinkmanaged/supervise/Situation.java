package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.launch.ClusterObservation;

/**
 * Everything that a decision is made from.
 *
 * @param observation what was seen last
 * @param lost the jobs that should run in the current epoch and do not
 * @param history what was done lately
 * @param demand what the jobs need
 * @param nowTicks the time, in ticks of the time source
 */
public record Situation(
        ClusterObservation observation, LostJobs lost, ActionHistory history, Demand demand, long nowTicks) {}
