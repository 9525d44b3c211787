package io.flinkmanaged.render;

import java.util.List;

/**
 * Everything that is decided about one node before its processes start.
 *
 * @param placement where it runs
 * @param directories what must exist below the node's directory, parents first, each with mode {@code rwx------}
 * @param processes in the order in which they are started
 */
public record RenderedNode(NodePlacement placement, List<String> directories, List<RenderedProcess> processes) {

    /** Keeps copies. */
    public RenderedNode {
        directories = List.copyOf(directories);
        processes = List.copyOf(processes);
    }

    /**
     * Returns one of its processes.
     *
     * @param kind which
     */
    public RenderedProcess process(RenderedProcess.Kind kind) {
        return processes.stream()
                .filter(process -> process.kind() == kind)
                .findFirst()
                .orElseThrow();
    }
}
