package io.flinkmanaged.benchmarks;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Defines a job, the same for every side; who runs it executes it. */
@FunctionalInterface
interface JobDefinition {

    void define(StreamExecutionEnvironment environment);
}
