package io.flinkmanaged.job;

import io.flinkmanaged.model.InvalidInputException;
import java.util.OptionalInt;

/**
 * How many recovery points of each job stay, of those that Flink does not delete any more: the points of attempts that
 * have ended or were followed by another. In the directory of the attempt that lives Flink alone deletes.
 *
 * <p>Whatever the numbers say, these stay: every job's newest complete point, the points that its last attempt started from
 * and was stopped with, and each file that a point that stays refers to.
 *
 * @param checkpoints how many complete checkpoints stay, the newest, 1 or more
 * @param savepoints how many complete savepoints stay, the newest, 1 or more; empty for all, since somebody asked for each
 */
public record Retention(int checkpoints, OptionalInt savepoints) {

    /** Refuses counts below 1. */
    public Retention {
        require("retained checkpoints", checkpoints);
        savepoints.ifPresent(count -> require("retained savepoints", count));
    }

    /**
     * Keeps a number of checkpoints of each job, and all savepoints.
     *
     * @param count how many, 1 or more
     */
    public static Retention ofCheckpoints(int count) {
        return new Retention(count, OptionalInt.empty());
    }

    /**
     * Returns this with a number of savepoints instead of all.
     *
     * @param count how many of each job, 1 or more
     */
    public Retention andSavepoints(int count) {
        return new Retention(checkpoints, OptionalInt.of(count));
    }

    private static void require(String subject, int count) {
        if (count < 1) {
            throw InvalidInputException.of(
                    subject, count, "1 or more", "The last complete point of a job is never deleted.");
        }
    }
}
