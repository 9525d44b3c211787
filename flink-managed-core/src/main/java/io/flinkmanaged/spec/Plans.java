package io.flinkmanaged.spec;

import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.MemorySize;

/** The catalogue of plans. An embedder adds its own by {@link Plan#custom}. */
public final class Plans {

    /** One node of 4 GiB and 2 processors. */
    public static final Plan SINGLE_NODE_4GB = plan("single-node-4gb", 1, 4, 2);
    /** One node of 8 GiB and 2 processors. */
    public static final Plan SINGLE_NODE_8GB = plan("single-node-8gb", 1, 8, 2);
    /** One node of 16 GiB and 4 processors. */
    public static final Plan SINGLE_NODE_16GB = plan("single-node-16gb", 1, 16, 4);
    /** One node of 32 GiB and 8 processors. */
    public static final Plan SINGLE_NODE_32GB = plan("single-node-32gb", 1, 32, 8);
    /** Three nodes of 4 GiB and 2 processors each. */
    public static final Plan THREE_NODE_4GB = plan("three-node-4gb", 3, 4, 2);
    /** Three nodes of 8 GiB and 2 processors each. */
    public static final Plan THREE_NODE_8GB = plan("three-node-8gb", 3, 8, 2);
    /** Three nodes of 16 GiB and 4 processors each. */
    public static final Plan THREE_NODE_16GB = plan("three-node-16gb", 3, 16, 4);
    /** Three nodes of 32 GiB and 8 processors each. */
    public static final Plan THREE_NODE_32GB = plan("three-node-32gb", 3, 32, 8);

    /** One node of 1 GiB and one processor: for tests. */
    public static final Plan TINY = plan("tiny", 1, 1, 1);

    private Plans() {}

    /** Returns every plan of the catalogue, the smallest first. */
    public static List<Plan> all() {
        return List.of(
                TINY,
                SINGLE_NODE_4GB,
                SINGLE_NODE_8GB,
                SINGLE_NODE_16GB,
                SINGLE_NODE_32GB,
                THREE_NODE_4GB,
                THREE_NODE_8GB,
                THREE_NODE_16GB,
                THREE_NODE_32GB);
    }

    /**
     * Returns a plan of the catalogue.
     *
     * @param name its name, such as {@code single-node-4gb}
     */
    public static Optional<Plan> named(String name) {
        return all().stream().filter(plan -> plan.name().equals(name)).findFirst();
    }

    private static Plan plan(String name, int nodes, int gibiBytes, int cpus) {
        return new Plan(name, nodes, MemorySize.ofMebiBytes(1024L * gibiBytes), cpus);
    }
}
