package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.InvalidInputException;

/**
 * What a simulated job does: it counts numbers, from 0 on, and its count is its state. A simulation runs no user's code; what
 * is told of a job's plan here must be so in the plan that is submitted.
 *
 * @param numbers how many numbers; the job finishes when it has counted them
 * @param perSecond how many a second
 * @param slots how many slots it needs, and so how many tasks it has
 */
public record Workload(long numbers, double perSecond, int slots) {

    /** A job of one task that never ends. */
    public static final Workload ENDLESS = new Workload(Long.MAX_VALUE, 1000, 1);

    /** Refuses jobs that do nothing. */
    public Workload {
        if (numbers < 1 || !(perSecond > 0) || slots < 1) {
            throw InvalidInputException.of(
                    "workload",
                    numbers + " numbers, " + perSecond + " a second, " + slots + " slots",
                    "more than none of each",
                    "Use Workload.ENDLESS for a job that only has to be there.");
        }
    }
}
