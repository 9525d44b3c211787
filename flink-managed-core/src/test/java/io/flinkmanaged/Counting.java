package io.flinkmanaged;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A job that counts numbers in keyed state, slowly: the count of the last number of a key is exact only if no number was
 * lost or counted twice.
 */
final class Counting {

    static final int KEYS = 4;

    /** The highest count seen of each key, by run: shared with the job, because it runs in this JVM. */
    private static final ConcurrentMap<String, ConcurrentMap<Long, Long>> COUNTS = new ConcurrentHashMap<>();

    private Counting() {}

    static void define(StreamExecutionEnvironment environment, String run, long numbers, double perSecond)
            throws Exception {
        define(environment, new Counter(run, numbers / KEYS, ""), numbers, perSecond);
    }

    /** Writes each key's count to a file of its name, from the expected count on: also seen from another JVM. */
    static void defineWithFiles(StreamExecutionEnvironment environment, Path files, long numbers, double perSecond)
            throws Exception {
        define(environment, new Counter("files", numbers / KEYS, files.toString()), numbers, perSecond);
    }

    /** As {@link #defineWithFiles}, and as fast as it goes from when a file is there: also for a test of which nobody knows how long it takes. */
    static void defineWithFiles(
            StreamExecutionEnvironment environment, Path files, long numbers, double perSecond, Path hurry)
            throws Exception {
        define(
                environment,
                new Counter("files", numbers / KEYS, files.toString()),
                numbers,
                new UntilThereIsHurry<>(perSecond, hurry.toString()));
    }

    static Map<String, String> files(Path files) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.list(files)) {
            for (Path file : all.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private static void define(StreamExecutionEnvironment environment, Counter counter, long numbers, double perSecond)
            throws Exception {
        define(environment, counter, numbers, RateLimiterStrategy.perSecond(perSecond));
    }

    private static void define(
            StreamExecutionEnvironment environment, Counter counter, long numbers, RateLimiterStrategy<?> pace)
            throws Exception {
        GeneratorFunction<Long, Long> same = index -> index;
        DataGeneratorSource<Long> source = new DataGeneratorSource<>(same, numbers, pace, Types.LONG);
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "numbers")
                .keyBy((KeySelector<Long, Long>) number -> number % KEYS, Types.LONG)
                .map(counter)
                .returns(Types.LONG)
                .sinkTo(new DiscardingSink<>());
        environment.execute("counting");
    }

    static Map<Long, Long> counts(String run) {
        return COUNTS.computeIfAbsent(run, ignored -> new ConcurrentHashMap<>());
    }

    static long total(String run) {
        return counts(run).values().stream().mapToLong(Long::longValue).sum();
    }

    static Map<Long, Long> expected(long numbers) {
        Map<Long, Long> expected = new ConcurrentHashMap<>();
        LongStream.range(0, numbers).forEach(number -> expected.merge(number % KEYS, 1L, Long::sum));
        return expected;
    }

    private static final class UntilThereIsHurry<S extends SourceSplit> implements RateLimiterStrategy<S> {
        private static final long serialVersionUID = 1L;

        private final double perSecond;
        private final String file;

        UntilThereIsHurry(double perSecond, String file) {
            this.perSecond = perSecond;
            this.file = file;
        }

        @Override
        public RateLimiter<S> createRateLimiter(int parallelism) {
            RateLimiterStrategy<?> usual = RateLimiterStrategy.perSecond(perSecond);
            RateLimiter<?> limiter = usual.createRateLimiter(parallelism);
            return numbers ->
                    Files.exists(Path.of(file)) ? CompletableFuture.completedFuture(null) : limiter.acquire(numbers);
        }
    }

    private static final class Counter extends RichMapFunction<Long, Long> implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String run;
        private final long target;
        private final String files;
        private transient ValueState<Long> count;

        Counter(String run, long target, String files) {
            this.run = run;
            this.target = target;
            this.files = files;
        }

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        }

        @Override
        public Long map(Long number) throws Exception {
            long next = (count.value() == null ? 0 : count.value()) + 1;
            count.update(next);
            counts(run).put(number % KEYS, next);
            if (next >= target && !files.isEmpty()) {
                Files.writeString(Path.of(files, Long.toString(number % KEYS)), Long.toString(next));
            }
            return next;
        }
    }
}
