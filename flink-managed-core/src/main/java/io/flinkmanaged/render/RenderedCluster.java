package io.flinkmanaged.render;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;

/**
 * Everything that is decided about an epoch before it starts: same spec, placement and storage, same value.
 *
 * @param spec what is wanted
 * @param placement where it runs
 * @param nodes its nodes, each with one TaskManager
 * @param configuration Flink's configuration, every key with its reason
 */
public record RenderedCluster(
        ClusterSpec spec, Placement placement, List<NodeId> nodes, LayeredConfiguration configuration) {

    /** Keeps a copy of the nodes. */
    public RenderedCluster {
        nodes = List.copyOf(nodes);
    }
}
