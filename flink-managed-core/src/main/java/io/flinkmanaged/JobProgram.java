package io.flinkmanaged;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A program that defines a job: what would be in a {@code main} method. */
@FunctionalInterface
public interface JobProgram {

    /**
     * Defines the job and calls {@code execute} or {@code executeAsync} on the environment, once.
     *
     * <p>Runs on the thread that submits. {@code StreamExecutionEnvironment.getExecutionEnvironment()} returns the very
     * environment that is given. {@code execute} does not wait for the job's end here.
     *
     * @param environment bound to the cluster
     * @throws Exception anything; then the job is not left running
     */
    void define(StreamExecutionEnvironment environment) throws Exception;
}
