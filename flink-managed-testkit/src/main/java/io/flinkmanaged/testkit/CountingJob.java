package io.flinkmanaged.testkit;

import io.flinkmanaged.testkit.proof.Numbers;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A job that counts numbers in keyed state, slowly: the count of the last number of a key is exact only if no number was
 * lost or counted twice.
 *
 * <pre>{@code
 * cluster.submit("counting", environment -> CountingJob.define(environment, "run 1", 6000, 450)).awaitFinished(atMost);
 * assertThat(CountingJob.counts("run 1")).isEqualTo(CountingJob.expected(6000));
 * }</pre>
 *
 * <p>The counts are told within this JVM: for clusters in process. A run is the name of what is counted together, through
 * all attempts of a job; each test takes a name of its own. Thread-safe.
 */
public final class CountingJob {

    private static final int KEYS = 4;

    /** The count seen last of each key, by run: shared with the job, because it runs in this JVM. */
    private static final ConcurrentMap<String, ConcurrentMap<Long, Long>> COUNTS = new ConcurrentHashMap<>();

    /** How many numbers were counted in each run, those counted again included. */
    private static final ConcurrentMap<String, AtomicLong> WORK = new ConcurrentHashMap<>();

    private CountingJob() {}

    /**
     * Defines and executes the job in an environment.
     *
     * @param environment such as {@code ManagedCluster.submit} hands to a job's program
     * @param run where the counts are told
     * @param numbers how many numbers to count
     * @param perSecond how many a second; another attempt may have another rate
     * @throws Exception if Flink refuses the job
     */
    public static void define(StreamExecutionEnvironment environment, String run, long numbers, double perSecond)
            throws Exception {
        define(environment, new Counter(run, "", 0), numbers, perSecond);
    }

    /**
     * Defines and executes the job so that its counts are told in files: for clusters whose processes are others. Only the
     * last counts are told, each in a file of its key's name.
     *
     * @param environment such as {@code ManagedCluster.submit} hands to a job's program
     * @param directory where the files are; it is there, and every process reaches it
     * @param numbers how many numbers to count
     * @param perSecond how many a second
     * @throws Exception if Flink refuses the job
     */
    public static void define(StreamExecutionEnvironment environment, Path directory, long numbers, double perSecond)
            throws Exception {
        define(
                environment,
                new Counter(directory.toString(), directory.toString(), numbers / KEYS),
                numbers,
                perSecond);
    }

    private static void define(StreamExecutionEnvironment environment, Counter counter, long numbers, double perSecond)
            throws Exception {
        Numbers.upTo(environment, numbers, perSecond)
                .keyBy((KeySelector<Long, Long>) number -> number % KEYS, Types.LONG)
                .map(counter)
                .returns(Types.LONG)
                .sinkTo(new DiscardingSink<>());
        environment.execute("counting");
    }

    /**
     * Returns what was counted so far.
     *
     * @param run of which run
     * @return the count told last of each key; changes while the job runs
     */
    public static Map<Long, Long> counts(String run) {
        return COUNTS.computeIfAbsent(run, ignored -> new ConcurrentHashMap<>());
    }

    /**
     * Returns what was told in files so far.
     *
     * @param directory where they are
     * @return the last count of each key that has come so far
     * @throws IOException if they cannot be read
     */
    public static Map<Long, Long> counts(Path directory) throws IOException {
        Map<Long, Long> counts = new ConcurrentHashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                counts.put(Long.valueOf(file.getFileName().toString()), Long.valueOf(Files.readString(file)));
            }
        }
        return counts;
    }

    /**
     * Returns how many numbers were counted since the last call, those counted again included: less than all of them in an
     * attempt that went on from a checkpoint.
     *
     * @param run of which run
     */
    public static long takeWork(String run) {
        return WORK.computeIfAbsent(run, ignored -> new AtomicLong()).getAndSet(0);
    }

    /**
     * Returns the sum of the counts told so far.
     *
     * @param run of which run
     */
    public static long total(String run) {
        return counts(run).values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns the counts of a job that has lost nothing and counted nothing twice.
     *
     * @param numbers how many numbers it was to count
     */
    public static Map<Long, Long> expected(long numbers) {
        Map<Long, Long> expected = new ConcurrentHashMap<>();
        LongStream.range(0, numbers).forEach(number -> expected.merge(number % KEYS, 1L, Long::sum));
        return expected;
    }

    private static final class Counter extends RichMapFunction<Long, Long> implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String run;
        private final String directory;
        private final long toldFrom;
        private transient ValueState<Long> count;

        Counter(String run, String directory, long toldFrom) {
            this.run = run;
            this.directory = directory;
            this.toldFrom = toldFrom;
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
            if (!directory.isEmpty() && next >= toldFrom) {
                Files.writeString(Path.of(directory, Long.toString(number % KEYS)), Long.toString(next));
            }
            long unused = WORK.computeIfAbsent(run, ignored -> new AtomicLong()).incrementAndGet();
            return next;
        }
    }
}
