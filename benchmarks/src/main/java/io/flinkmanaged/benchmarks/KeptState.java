package io.flinkmanaged.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job that keeps so many values of 4,000 bytes, which no compression makes smaller, and then does nothing. */
final class KeptState {

    static final int PARALLELISM = 4;
    static final int BYTES_A_VALUE = 4000;

    private KeptState() {}

    /**
     * The job. Started from its own state, it gets each key once more and looks whether its value is there.
     *
     * @param values how many
     * @param channel where it is noted
     */
    static JobDefinition of(int values, String channel) {
        return environment -> environment
                .fromSource(
                        new DataGeneratorSource<>(
                                number -> number, Long.MAX_VALUE, parallelism -> new AtMost<>(values), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .setParallelism(1)
                .keyBy(number -> number % values)
                .map(new Keeper(values, channel))
                .setParallelism(PARALLELISM)
                .sinkTo(new DiscardingSink<>())
                .setParallelism(PARALLELISM);
    }

    private static byte[] valueOf(long key) {
        byte[] value = new byte[BYTES_A_VALUE];
        new SplittableRandom(key).nextBytes(value);
        return value;
    }

    private static final class Keeper extends RichMapFunction<Long, Long> {

        private final int values;
        private final String channel;
        private transient ValueState<byte[]> state;

        Keeper(int values, String channel) {
            this.values = values;
            this.channel = channel;
        }

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext()
                    .getState(
                            new ValueStateDescriptor<>("value", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public Long map(Long number) throws Exception {
            byte[] expected = valueOf(number % values);
            byte[] kept = state.value();
            if (kept == null) {
                state.update(expected);
                KeptValues.of(channel).written(values);
            } else if (Arrays.equals(kept, expected)) {
                KeptValues.of(channel).verified(values);
            }
            return number;
        }
    }

    /** Lets so many records pass, and no more. */
    private static final class AtMost<S extends SourceSplit> implements RateLimiter<S> {

        private long left;

        AtMost(long records) {
            left = records;
        }

        @Override
        public CompletionStage<Void> acquire(int records) {
            left -= records;
            return left >= 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
        }
    }
}
