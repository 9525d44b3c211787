package io.flinkmanaged.config;

/**
 * Where a configuration value comes from, weakest first: of two layers that set a key, the later one wins.
 *
 * <p>The order is the product's promise about who decides: what a person wrote for this cluster beats what the library
 * thinks, and where a process listens is decided by placement alone.
 */
public enum Layer {
    /** What Flink does when nobody says anything. */
    FLINK_DEFAULT,
    /** What the size of the cluster demands. */
    PLAN,
    /** What this library finds right for every cluster. */
    LIBRARY,
    /** What the state storage needs. */
    STORAGE,
    /** What the embedding product demands of all its clusters. */
    POLICY,
    /** A setting of the spec that has a method of its own. */
    SPEC,
    /** A Flink key that the spec sets by {@code override}. */
    OVERRIDE,
    /** Ports, addresses and directories, chosen at launch; always wins over the others of the cluster. */
    PLACEMENT,
    /** What a job sets in its own configuration: Flink lets it win over the cluster's. */
    JOB
}
