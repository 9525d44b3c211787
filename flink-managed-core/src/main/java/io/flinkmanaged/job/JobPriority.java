package io.flinkmanaged.job;

import io.flinkmanaged.model.InvalidInputException;

/**
 * How early a job's turn comes when the jobs of a lost epoch are continued, one after the other. Where slots are few, those
 * that come first get them. Flink itself knows no priority, so jobs that run are not touched.
 *
 * @param value {@value #LOWEST}..{@value #HIGHEST}; the highest comes first
 */
public record JobPriority(int value) implements Comparable<JobPriority> {

    /** The lowest value. */
    public static final int LOWEST = -1000;

    /** The highest value. */
    public static final int HIGHEST = 1000;

    /** What a job has of which nothing was said: 0. */
    public static final JobPriority NORMAL = new JobPriority(0);

    /**
     * Checks the range.
     *
     * @throws InvalidInputException if the value is out of it
     */
    public JobPriority {
        if (value < LOWEST || value > HIGHEST) {
            throw InvalidInputException.of(
                    "priority of a job",
                    value,
                    LOWEST + ".." + HIGHEST,
                    "Choose one in that range; the highest comes first, and a job of which nothing is said has 0.");
        }
    }

    /** The highest comes last, as numbers do. */
    @Override
    public int compareTo(JobPriority other) {
        return Integer.compare(value, other.value);
    }
}
