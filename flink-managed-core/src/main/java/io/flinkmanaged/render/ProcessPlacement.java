package io.flinkmanaged.render;

import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.security.TransportSecurity;
import io.flinkmanaged.spec.ClusterSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where an epoch of a cluster runs as processes: what a launcher chose before anything is started. The same cluster,
 * placed again, is placed alike.
 *
 * @param epoch which life of the cluster
 * @param highAvailability a URI below which the JobManagers keep what their ZooKeeper entries point to; every node
 *     reaches it. The epoch gets a directory of its own
 * @param nodes one for each node of the plan, by number
 * @param security how the processes know each other; empty if they believe everybody, which is for measurements on
 *     the loopback address only
 */
public record ProcessPlacement(
        Epoch epoch, String highAvailability, List<NodePlacement> nodes, Optional<TransportSecurity> security) {

    /** Refuses nodes that are not numbered 1, 2, 3. */
    public ProcessPlacement {
        nodes = List.copyOf(nodes);
        List<NodeId> given = nodes.stream().map(NodePlacement::node).toList();
        if (given.isEmpty() || !given.equals(ids(given.size()))) {
            throw InvalidInputException.of(
                    "nodes of a placement", given, "node-1 and so on, in order", "Place every node of the plan.");
        }
    }

    /**
     * Places a cluster whose processes believe everybody.
     *
     * @param epoch which life of the cluster
     * @param highAvailability a URI below which the JobManagers keep what their ZooKeeper entries point to
     * @param nodes one for each node of the plan, by number
     */
    public ProcessPlacement(Epoch epoch, String highAvailability, List<NodePlacement> nodes) {
        this(epoch, highAvailability, nodes, Optional.empty());
    }

    /**
     * Returns the same place with processes that speak TLS.
     *
     * @param transport how
     */
    public ProcessPlacement secured(TransportSecurity transport) {
        return new ProcessPlacement(epoch, highAvailability, nodes, Optional.of(transport));
    }

    /** Returns the same place with processes that believe everybody. */
    public ProcessPlacement unsecured() {
        return new ProcessPlacement(epoch, highAvailability, nodes);
    }

    /**
     * Returns a placement made of names, to explain a cluster that is not launched.
     *
     * @param spec what is wanted
     */
    public static ProcessPlacement symbolic(ClusterSpec spec) {
        Path directory = Path.of("/var/lib/flink-managed").resolve(spec.name().value());
        return new ProcessPlacement(
                new Epoch(1),
                "file:" + directory.resolve("ha"),
                ids(spec.plan().nodes()).stream()
                        .map(node -> new NodePlacement(
                                node, node.toString(), directory.resolve(node.toString()), NodePorts.from(6120)))
                        .toList(),
                Optional.of(TransportSecurity.symbolic(spec.name())));
    }

    private static List<NodeId> ids(int nodes) {
        return IntStream.rangeClosed(1, nodes).mapToObj(NodeId::new).toList();
    }

    /** Returns the addresses at which clients reach the ZooKeeper peers, as Flink wants them. */
    String quorum() {
        return String.join(
                ",",
                nodes.stream()
                        .map(node -> node.address() + ":" + node.ports().zooKeeperClient())
                        .toList());
    }
}
