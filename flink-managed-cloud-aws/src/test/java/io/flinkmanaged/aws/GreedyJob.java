package io.flinkmanaged.aws;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.testkit.proof.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job in every free slot, which takes all memory of a TaskManager that another job has tasks on, when it is told to. */
final class GreedyJob implements AutoCloseable {

    private static final Duration RUNS_WITHIN = Duration.ofMinutes(1);
    private static final int MEBIBYTE = 1 << 20;

    private final ManagedJob job;
    private final Path order;

    private GreedyJob(ManagedJob job, Path order) {
        this.job = job;
        this.order = order;
    }

    /**
     * Runs one, which behaves so far.
     *
     * @param order where it looks for its order
     * @param other the name of an operator of the other job
     */
    static GreedyJob in(ManagedCluster cluster, int freeSlots, Path order, String other) {
        String file = order.toString();
        MapFunction<Long, Long> map = number -> hoard(Path.of(file), other, number);
        ManagedJob job = cluster.submit("greedy", environment -> {
            environment.setParallelism(freeSlots);
            Numbers.upTo(environment, Long.MAX_VALUE, 20.0 * freeSlots)
                    .map(map)
                    .returns(Types.LONG)
                    .sinkTo(new DiscardingSink<>());
            environment.execute();
        });
        job.awaitRunning(RUNS_WITHIN);
        return new GreedyJob(job, order);
    }

    /** Has it use up the memory of one JVM. */
    void takeAllMemory() throws IOException {
        Files.createFile(order);
    }

    @Override
    public void close() {
        job.cancel();
    }

    /** Who takes the order away is the one to carry it out, and nobody finds it again. */
    private static Long hoard(Path order, String other, Long number) throws IOException {
        if (!Files.exists(order) || !runsHere(other) || !Files.deleteIfExists(order)) {
            return number;
        }
        List<byte[]> hoarded = new ArrayList<>();
        while (hoarded.size() < Integer.MAX_VALUE) {
            hoarded.add(new byte[MEBIBYTE]);
        }
        return (long) hoarded.size();
    }

    /** Flink names the thread of a task after its operators. */
    private static boolean runsHere(String operator) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().contains(operator));
    }
}
