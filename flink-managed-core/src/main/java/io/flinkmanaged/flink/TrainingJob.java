package io.flinkmanaged.flink;

import java.io.IOException;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job of Flink's own classes alone, with which a JVM loads what most jobs need: a source, windows, state, checkpoints. */
public final class TrainingJob {

    private static final long NUMBERS = Long.MAX_VALUE;
    private static final long WINDOW = 1_000_000;

    private TrainingJob() {}

    /**
     * Returns its plan. It does not end by itself.
     *
     * @throws IOException if it cannot be serialized
     */
    public static KeptPlan plan() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration)
                .setParallelism(1);
        environment.fromSequence(1, NUMBERS).countWindowAll(WINDOW).max(0).sinkTo(new DiscardingSink<>());
        return KeptPlan.of(environment.getStreamGraph(), configuration);
    }
}
