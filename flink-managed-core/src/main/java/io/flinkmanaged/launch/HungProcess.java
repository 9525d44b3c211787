package io.flinkmanaged.launch;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;
import java.time.Instant;

/**
 * A process that is there and does nothing any more: stopped, or stuck for good. Whoever has told so has seen it work
 * before, and has asked more than one witness where its end could cost a leader or a task that runs.
 *
 * @param node its node
 * @param kind which of the node's processes
 * @param since when it was first silent
 * @param evidence who says so
 */
public record HungProcess(NodeId node, RenderedProcess.Kind kind, Instant since, String evidence) {}
