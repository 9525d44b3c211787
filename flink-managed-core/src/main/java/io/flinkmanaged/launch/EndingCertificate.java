package io.flinkmanaged.launch;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;
import java.time.Instant;

/**
 * A process whose certificate is in the last third of its life.
 *
 * @param node its node
 * @param kind which of the node's processes
 * @param until when the others begin to refuse it
 */
public record EndingCertificate(NodeId node, RenderedProcess.Kind kind, Instant until) {}
