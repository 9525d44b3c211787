package io.flinkmanaged.model;

/**
 * The number of one life of a cluster's processes: each start after a loss is a new epoch.
 *
 * @param number counts from 1
 */
public record Epoch(long number) implements Comparable<Epoch> {

    /** Refuses numbers below 1. */
    public Epoch {
        if (number < 1) {
            throw InvalidInputException.of("epoch", number, "1 or more", "Epochs are counted from 1.");
        }
    }

    /** Returns the epoch after this one. */
    public Epoch next() {
        return new Epoch(number + 1);
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(number, other.number);
    }

    /** Returns {@code epoch-7}. */
    @Override
    public String toString() {
        return "epoch-" + number;
    }
}
