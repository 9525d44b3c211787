package io.flinkmanaged.render;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import java.nio.file.Path;

/**
 * Where one node of a cluster runs.
 *
 * @param node which node
 * @param address the IP address or host name by which the other nodes reach it, and that its processes listen on
 * @param directory the node's own directory on its machine, absolute: everything that is rendered goes below it
 * @param ports what its processes listen on
 */
public record NodePlacement(NodeId node, String address, Path directory, NodePorts ports) {

    /** Refuses what cannot be written into an address or a path. */
    public NodePlacement {
        if (address.isBlank() || address.chars().anyMatch(c -> c <= ' ' || c == ',' || c == '/')) {
            throw InvalidInputException.of(
                    "address of " + node, "\"" + address + "\"", "an IP address or a host name", "Name the machine.");
        }
        if (!directory.isAbsolute()) {
            throw InvalidInputException.of(
                    "directory of " + node, directory, "an absolute path", "Use directory.toAbsolutePath().");
        }
    }
}
