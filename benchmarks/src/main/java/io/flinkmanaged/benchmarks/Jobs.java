package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** The jobs that are run. */
final class Jobs {

    private static final int KEYS = 64;
    private static final double RECORDS_PER_SECOND = 2000;
    private static final double COUNTED_PER_SECOND = 100;

    private Jobs() {}

    /**
     * A keyed job with two tasks of two subtasks each, which emits about a record a millisecond and subtask for ever.
     *
     * <p>Records are sent after a millisecond: Flink's default of 100 ms would add up to that much, by chance, to the
     * time of whoever waits for an output.
     *
     * @param channel where its outputs are noted
     */
    static JobDefinition endless(String channel) {
        return endless(channel, Side.SLOTS);
    }

    /** The same with another number of subtasks. */
    static JobDefinition endless(String channel, int parallelism) {
        return environment -> environment
                .setParallelism(parallelism)
                .setBufferTimeout(1)
                .fromSource(
                        new DataGeneratorSource<>(
                                number -> number,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(RECORDS_PER_SECOND),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .keyBy(number -> number % KEYS)
                .reduce(Long::sum)
                .map(new Witness(channel))
                .sinkTo(new DiscardingSink<>());
    }

    /**
     * A job that keeps two processors busy: arithmetic on numbers before and after they are sent to the task of their
     * key, and a sum for each key.
     *
     * @param records how many numbers
     */
    static JobDefinition arithmetic(long records) {
        return environment -> environment
                .setParallelism(Side.SLOTS)
                .fromSequence(1, records)
                .map(Arithmetic::scramble)
                .map(Arithmetic::smooth)
                .keyBy(number -> number & 1023)
                .reduce(Long::sum)
                .map(Arithmetic::scramble)
                .sinkTo(new DiscardingSink<>());
    }

    /**
     * A job of one slot that counts a hundred numbers a second for ever, and tells each.
     *
     * @param file where it tells
     */
    static JobDefinition counting(Path file) {
        return environment -> environment
                .setParallelism(1)
                .setBufferTimeout(1)
                .fromSource(
                        new DataGeneratorSource<>(
                                number -> number,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(COUNTED_PER_SECOND),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .keyBy(number -> 0L)
                .process(new CheckedCount(file))
                .sinkTo(new DiscardingSink<>());
    }

    /** A job of one element and one task. */
    static JobDefinition trivial() {
        return environment -> environment.setParallelism(1).fromData(1L).sinkTo(new DiscardingSink<>());
    }
}
