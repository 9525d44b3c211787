package io.flinkmanaged.launch;

import io.flinkmanaged.model.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * What was seen of a node's TaskManager.
 *
 * @param node the node
 * @param resourceId Flink's id of it
 * @param death when and why it died, as its witness saw it; empty while it lives
 */
public record TaskManagerObservation(NodeId node, String resourceId, Optional<Death> death) {

    /**
     * A death that was witnessed.
     *
     * @param at when
     * @param cause what is known of the reason
     */
    public record Death(Instant at, String cause) {}
}
