package io.flinkmanaged.flink;

import org.apache.flink.streaming.api.graph.StreamGraph;

/** An execution plan with its job id, configuration, jars and starting point: ready to be submitted once. */
public final class PreparedPlan {

    private final StreamGraph graph;

    PreparedPlan(StreamGraph graph) {
        this.graph = graph;
    }

    /**
     * Returns the plan as the Flink type that a launcher submits.
     *
     * @param type {@code org.apache.flink.streaming.api.graph.ExecutionPlan} or {@code StreamGraph}
     * @param <T> the same
     */
    public <T> T unwrap(Class<T> type) {
        return type.cast(graph);
    }
}
