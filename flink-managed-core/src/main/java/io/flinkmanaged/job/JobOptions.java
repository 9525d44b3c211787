package io.flinkmanaged.job;

/**
 * How a job is submitted.
 *
 * @param startingPoint what state it starts from
 * @param priority how early its turn comes when jobs are continued; kept with the job until it is submitted again
 */
public record JobOptions(StartingPoint startingPoint, JobPriority priority) {

    private static final JobOptions USUAL = new JobOptions(StartingPoint.asItEnded(), JobPriority.NORMAL);

    /** Returns {@link StartingPoint#asItEnded()} and {@link JobPriority#NORMAL}. */
    public static JobOptions usual() {
        return USUAL;
    }

    /**
     * Returns the same with another starting point.
     *
     * @param point what state the job starts from
     */
    public JobOptions from(StartingPoint point) {
        return new JobOptions(point, priority);
    }

    /**
     * Returns the same with another priority.
     *
     * @param value {@value JobPriority#LOWEST}..{@value JobPriority#HIGHEST}; the highest comes first
     * @throws io.flinkmanaged.model.InvalidInputException if it is out of that range
     */
    public JobOptions withPriority(int value) {
        return new JobOptions(startingPoint, new JobPriority(value));
    }
}
