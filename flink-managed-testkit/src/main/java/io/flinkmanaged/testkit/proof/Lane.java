package io.flinkmanaged.testkit.proof;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A share of the numbers and how far it has come: the lane of {@code first} has that number, and every {@value #LANES}th
 * from there on. A reader has several, so that a job of another parallelism can share them anew.
 *
 * @param first its first number, by which it is known
 * @param next the number that is emitted next
 */
record Lane(int first, long next) implements SourceSplit {

    /** How many there are, so also the most readers that have something to do. */
    static final int LANES = 8;

    Lane(int first) {
        this(first, first);
    }

    /** Returns the lane of a number. */
    static int of(long number) {
        return (int) (number % LANES);
    }

    Lane advanced() {
        return new Lane(first, next + LANES);
    }

    @Override
    public String splitId() {
        return Integer.toString(first);
    }
}
