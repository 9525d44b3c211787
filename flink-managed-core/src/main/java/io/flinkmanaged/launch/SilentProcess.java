package io.flinkmanaged.launch;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;

/**
 * A process that lives and does not do its part now, without anything that proves that it never will.
 *
 * @param node its node
 * @param kind which of the node's processes
 * @param evidence who says so
 */
public record SilentProcess(NodeId node, RenderedProcess.Kind kind, String evidence) {}
