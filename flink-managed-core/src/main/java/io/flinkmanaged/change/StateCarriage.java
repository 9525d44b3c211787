package io.flinkmanaged.change;

/** How the state of running jobs gets over a change, the easiest first. */
public enum StateCarriage {
    /** Jobs go on; nothing is done to their state. */
    UNTOUCHED,
    /** Each job continues from a checkpoint that is taken for the change, or from its newest complete one. */
    CHECKPOINT,
    /** Each job is stopped with a savepoint in Flink's canonical format, which every state backend reads. */
    SAVEPOINT,
    /** State does not get over it. */
    INCOMPATIBLE;

    /**
     * Returns the harder of two.
     *
     * @param other the other
     */
    public StateCarriage or(StateCarriage other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
