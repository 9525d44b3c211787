package io.flinkmanaged.supervise;

import java.util.OptionalInt;

/**
 * What the jobs of a cluster need, beside what a TaskManager gives.
 *
 * @param slotsOfTaskManager how many slots each TaskManager has
 * @param slotsOfJobs how many the living jobs take together; empty if that is not known
 */
public record Demand(int slotsOfTaskManager, OptionalInt slotsOfJobs) {

    /** Nothing is known, so nothing is to spare. */
    public static final Demand UNKNOWN = new Demand(1, OptionalInt.empty());

    /**
     * Returns whether so many TaskManagers are enough for all jobs.
     *
     * @param taskManagers how many
     */
    public boolean isMetBy(int taskManagers) {
        return slotsOfJobs.isPresent() && (long) taskManagers * slotsOfTaskManager >= slotsOfJobs.getAsInt();
    }
}
