package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.ClusterObservation;
import java.util.Set;

/**
 * Everything that a decision is made from.
 *
 * @param observation what was seen last
 * @param jobsLost whether a job waits to be continued in the current epoch
 * @param jobsNotRecovered the names of jobs that could not be continued
 * @param history what was done lately
 * @param nowTicks the time, in ticks of the time source
 */
public record Situation(
        ClusterObservation observation,
        boolean jobsLost,
        Set<String> jobsNotRecovered,
        ActionHistory history,
        long nowTicks) {}
