package io.flinkmanaged.launch;

import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;

/**
 * A process that is wanted and dead, and no TaskManager: the rest of the epoch may go on without it.
 *
 * @param node its node
 * @param kind which of the node's processes
 * @param death when and why it died, as its witness saw it
 */
public record LostProcess(NodeId node, RenderedProcess.Kind kind, Death death) {}
