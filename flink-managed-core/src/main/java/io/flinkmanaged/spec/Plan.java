package io.flinkmanaged.spec;

import static java.util.Objects.requireNonNull;

import io.flinkmanaged.model.InvalidInputException;
import org.apache.flink.configuration.MemorySize;

/**
 * A size of a cluster: how many nodes, and what each of them has. Every node carries one JobManager, one TaskManager and
 * one ZooKeeper peer.
 *
 * @param name what people call it
 * @param nodes 1, or 3 to survive the loss of any one
 * @param nodeMemory the memory of a node, everything on it included
 * @param nodeCpus the processors of a node
 */
public record Plan(String name, int nodes, MemorySize nodeMemory, int nodeCpus) {

    /** Refuses sizes that make no cluster. */
    public Plan {
        requireNonNull(name, "name");
        requireNonNull(nodeMemory, "nodeMemory");
        if (nodes != 1 && nodes != 3) {
            throw InvalidInputException.of(
                    "plan nodes", nodes, "1 or 3", "Two nodes survive no more than one: a majority of two is two.");
        }
        if (nodeMemory.compareTo(MemorySize.ofMebiBytes(1024)) < 0) {
            throw InvalidInputException.of(
                    "plan node memory",
                    nodeMemory.toHumanReadableString(),
                    "1 GiB or more",
                    "Give the node room for a JobManager, a TaskManager and a ZooKeeper peer.");
        }
        if (nodeCpus < 1) {
            throw InvalidInputException.of("plan node CPUs", nodeCpus, "1 or more", "Give the node a processor.");
        }
    }

    /**
     * Returns a plan of one's own.
     *
     * @param name what people call it
     * @param nodes 1 or 3
     * @param nodeMemory the memory of a node, at least 1 GiB
     * @param nodeCpus the processors of a node, at least 1
     */
    public static Plan custom(String name, int nodes, MemorySize nodeMemory, int nodeCpus) {
        return new Plan(name, nodes, nodeMemory, nodeCpus);
    }

    /** Returns what the plan survives, as a sentence for people. */
    public String survives() {
        return nodes == 1
                ? "recovers on its own from a lost process, but is down while it does: not highly available"
                : "survives the loss of any one node";
    }
}
