package io.flinkmanaged.model;

/**
 * The number of a node in its cluster; a node keeps it when its processes are replaced.
 *
 * @param number counts from 1
 */
public record NodeId(int number) implements Comparable<NodeId> {

    /** Refuses numbers below 1. */
    public NodeId {
        if (number < 1) {
            throw InvalidInputException.of("node", number, "1 or more", "Nodes are counted from 1.");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(number, other.number);
    }

    /** Returns {@code node-1}. */
    @Override
    public String toString() {
        return "node-" + number;
    }
}
