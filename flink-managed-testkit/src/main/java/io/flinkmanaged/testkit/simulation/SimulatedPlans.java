package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.flink.BoundEnvironment;
import io.flinkmanaged.flink.CapturedJob;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Plans to submit, which nobody will run: real ones, because the library reads them. */
final class SimulatedPlans {

    private static final Map<Integer, CapturedJob> BY_SLOTS = new ConcurrentHashMap<>();

    private SimulatedPlans() {}

    /** Returns the plan of a job that needs so many slots. */
    static CapturedJob ofSlots(int slots) {
        return BY_SLOTS.computeIfAbsent(slots, SimulatedPlans::capture);
    }

    private static CapturedJob capture(int slots) {
        CompletableFuture<CapturedJob> captured = new CompletableFuture<>();
        StreamExecutionEnvironment environment =
                BoundEnvironment.create(new Configuration(), false, SimulatedPlans.class.getClassLoader(), job -> {
                    captured.complete(job);
                    return CompletableFuture.failedFuture(new IllegalStateException("It is submitted later."));
                });
        environment.setParallelism(slots).fromSequence(1, Long.MAX_VALUE).sinkTo(new DiscardingSink<>());
        try {
            environment.execute("simulated");
        } catch (Exception e) {
            if (!captured.isDone()) {
                throw new IllegalStateException("A plan could not be made.", e);
            }
        }
        return captured.join();
    }
}
