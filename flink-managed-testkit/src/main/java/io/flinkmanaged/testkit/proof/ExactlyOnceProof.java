package io.flinkmanaged.testkit.proof;

import io.flinkmanaged.internal.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.assertj.core.api.AssertProvider;
import org.assertj.core.api.Assertions;

/**
 * Proves that a job lost nothing and did nothing twice: its source numbers what it emits, its sink keeps what was committed,
 * and the report names every gap and every double.
 *
 * <pre>{@code
 * ManagedJob job = cluster.submit("orders", environment -> {
 *     proof.numbers(environment, 200).map(…).sinkTo(proof.sink());
 *     environment.execute();
 * });
 * assertThat(faults.kill(taskManager(1))).isHealedWithin(Duration.ofSeconds(30));
 * job.stopWithSavepoint();
 * assertThat(proof).isExactlyOnce();
 * }</pre>
 *
 * <p>The job hands each number on, exactly once, on whatever way. Judge it when it has finished or was stopped with a
 * savepoint: what a cancelled job had not committed yet is missing until the job is continued. A job that is continued, with
 * any parallelism, is proved together with what it was before, so one proof is for one job, with one source and one sink of
 * it. The job needs checkpoints.
 *
 * <p>A sink of your own is proved by what it has written: {@link #judge}. Thread-safe.
 */
public final class ExactlyOnceProof implements AssertProvider<ExactlyOnceAssert> {

    private final Path acknowledged;
    private final Path pending;
    private final Path committed;
    private volatile long end = Long.MAX_VALUE;

    private ExactlyOnceProof(Path directory) {
        acknowledged = Directories.create(directory.resolve("acknowledged"));
        pending = Directories.create(directory.resolve("pending"));
        committed = Directories.create(directory.resolve("committed"));
    }

    /**
     * Begins a proof.
     *
     * @param directory where its files go, a new one for each proof; created if absent, and every process of the cluster
     *     reaches it by this path
     */
    public static ExactlyOnceProof in(Path directory) {
        return new ExactlyOnceProof(directory.toAbsolutePath());
    }

    /**
     * Adds the numbers 0, 1, 2, … to a job, without an end: proved are those before the last completed checkpoint, and all
     * that came out.
     *
     * @param environment the job's
     * @param perSecond how many a second, all readers together
     */
    public DataStreamSource<Long> numbers(StreamExecutionEnvironment environment, double perSecond) {
        return numbers(environment, Long.MAX_VALUE, perSecond);
    }

    /**
     * Adds so many numbers to a job, which ends with them: every one of them is to come out.
     *
     * @param environment the job's
     * @param count how many
     * @param perSecond how many a second, all readers together
     */
    public DataStreamSource<Long> numbers(StreamExecutionEnvironment environment, long count, double perSecond) {
        end = count;
        return Numbers.acknowledged(environment, count, perSecond, acknowledged);
    }

    /** Returns a sink of which only counts what was committed with a completed checkpoint. */
    public Sink<Long> sink() {
        return new CommittingFileSink(pending, committed);
    }

    /** Returns what the sink of this proof shows. */
    public ExactlyOnceReport report() {
        LongStream.Builder output = LongStream.builder();
        for (String line : committedLines()) {
            output.add(Long.parseLong(line));
        }
        return judge(output.build());
    }

    /**
     * Returns what the output of another sink shows.
     *
     * @param output the numbers that it has written, in any order
     */
    public ExactlyOnceReport judge(LongStream output) {
        try {
            SortedMap<Integer, Long> positions = Acknowledgements.read(acknowledged);
            LongUnaryOperator endOf =
                    end == Long.MAX_VALUE ? lane -> positions.getOrDefault((int) lane, lane) : lane -> end;
            return new OutputCount(output, endOf, end == Long.MAX_VALUE).report();
        } catch (IOException e) {
            throw new UncheckedIOException("The positions of the proof cannot be read.", e);
        }
    }

    /** For AssertJ's {@link Assertions#assertThat(AssertProvider)}; takes the report now. */
    @Override
    public ExactlyOnceAssert assertThat() {
        return report().assertThat();
    }

    private List<String> committedLines() {
        try (Stream<Path> files = Files.list(committed)) {
            return files.flatMap(ExactlyOnceProof::lines).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The output of the proof cannot be read.", e);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException("The output of the proof cannot be read.", e);
        }
    }
}
