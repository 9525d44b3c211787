package io.flinkmanaged.flink;

import io.flinkmanaged.model.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamGraphGenerator;

/** Execution environments whose {@code execute} hands the job to us instead of to a client of Flink. */
public final class BoundEnvironment {

    private static final String TARGET = "flink-managed";

    private BoundEnvironment() {}

    /**
     * Creates an environment.
     *
     * @param defaults what the cluster sets for its jobs; the program may set it otherwise
     * @param attached whether {@code execute} waits for the job's end
     * @param userClassLoader the loader of the program's classes
     * @param submit takes each job that is executed; called on the program's thread
     * @return an ordinary environment, to be used by one thread
     */
    public static StreamExecutionEnvironment create(
            Configuration defaults,
            boolean attached,
            ClassLoader userClassLoader,
            Function<CapturedJob, CompletableFuture<JobClient>> submit) {
        Configuration configuration = new Configuration(defaults);
        configuration.set(DeploymentOptions.TARGET, TARGET);
        configuration.set(DeploymentOptions.ATTACHED, attached);
        PipelineExecutor executor =
                (pipeline, effective, loader) -> submit.apply(capture(pipeline, effective, loader, defaults));
        return new StreamExecutionEnvironment(new OneExecutor(executor), configuration, userClassLoader);
    }

    private static CapturedJob capture(
            Pipeline pipeline, Configuration effective, ClassLoader loader, Configuration ofCluster) throws Exception {
        StreamGraph graph = (StreamGraph) pipeline;
        refuseOwnStateDirectory(effective);
        refuseOwnStateDirectory(graph.getJobConfiguration());
        String name = graph.getJobName();
        UserCode.Recorder recorder = new UserCode.Recorder(loader);
        KeptPlan plan = KeptPlan.of(graph, ofCluster);
        // Reading the user's parts back proves that the plan is complete, and tells which classes it needs.
        plan.read().deserializeUserDefinedInstances(recorder, Runnable::run);
        for (String jar : effective.getOptional(PipelineOptions.JARS).orElse(List.of())) {
            recorder.addJar(jar);
        }
        Optional<String> requested = effective.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
        boolean isNamed = !name.equals(StreamGraphGenerator.DEFAULT_STREAMING_JOB_NAME)
                && !name.equals(StreamGraphGenerator.DEFAULT_BATCH_JOB_NAME);
        return new CapturedJob(name, isNamed, plan, recorder.recorded(), requested);
    }

    /** State lies where the cluster's spec says, an attempt a directory; elsewhere no recovery would find it. */
    private static void refuseOwnStateDirectory(Configuration configuration) {
        Stream.of(CheckpointingOptions.CHECKPOINTS_DIRECTORY, CheckpointingOptions.SAVEPOINT_DIRECTORY)
                .forEach(option -> configuration.getOptional(option).ifPresent(directory -> {
                    throw InvalidInputException.of(
                            "job configuration " + option.key(),
                            directory,
                            "not set by the job: the cluster keeps each attempt's state in a directory of its own",
                            "Remove it from the program; name the storage in ClusterSpec.checkpoints(…).");
                }));
    }

    /** The one executor there is, whatever the configuration says. */
    private record OneExecutor(PipelineExecutor executor)
            implements PipelineExecutorServiceLoader, PipelineExecutorFactory {

        @Override
        public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
            return this;
        }

        @Override
        public Stream<String> getExecutorNames() {
            return Stream.of(TARGET);
        }

        @Override
        public String getName() {
            return TARGET;
        }

        @Override
        public boolean isCompatibleWith(Configuration configuration) {
            return true;
        }

        @Override
        public PipelineExecutor getExecutor(Configuration configuration) {
            return executor;
        }
    }
}
