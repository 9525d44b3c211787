package io.flinkmanaged.examples;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * The job: reads flights from a file as a stream, and keeps each origin airport's number of flights, total and longest
 * delay until the stream ends.
 *
 * <p>An ordinary Flink job that knows nothing of who runs it. Its source goes back to a checkpoint's line, its sums are
 * keyed state, and its sink publishes a file only with the checkpoint that covers it: each flight counts exactly once,
 * whatever dies on the way.
 */
final class FlightDelays {

    private static final int PARALLELISM = 2;
    /** How many flights wait for their turn at most. */
    private static final int WAITING = 100;

    private FlightDelays() {}

    /**
     * Defines and executes the job.
     *
     * @param environment where it runs
     * @param input the file with the flights
     * @param output the directory for the files of the result: rows without a header, in no order
     * @param flightsPerSecond how fast the file is read
     */
    static void define(StreamExecutionEnvironment environment, Path input, Path output, double flightsPerSecond)
            throws Exception {
        read(environment, input, flightsPerSecond)
                .keyBy(Flight::origin)
                .process(new AirportDelays())
                .name("delays of each airport")
                .setParallelism(PARALLELISM)
                .map(DelaySummary::toRow)
                .setParallelism(PARALLELISM)
                .sinkTo(rowsIn(output))
                .name("rows")
                .setParallelism(PARALLELISM);
        environment.execute("flight-delays");
    }

    /** One reader, because one file has one order; what follows is parallel. */
    private static DataStream<Flight> read(
            StreamExecutionEnvironment environment, Path input, double flightsPerSecond) {
        FileSource<String> lines = FileSource.forRecordStreamFormat(new TextLineInputFormat(), flinkPath(input))
                .build();
        DataStream<Flight> flights = environment
                .fromSource(lines, WatermarkStrategy.noWatermarks(), "lines")
                .setParallelism(1)
                .filter(line -> !line.equals(Flight.HEADER))
                .setParallelism(1)
                .map(Flight::parse)
                .setParallelism(1);
        return AsyncDataStream.orderedWait(flights, new Throttle<>(flightsPerSecond), 0, TimeUnit.SECONDS, WAITING)
                .name("throttle")
                .setParallelism(1)
                .map(new FlightCounter())
                .name("count for the watchers")
                .setParallelism(1);
    }

    private static FileSink<String> rowsIn(Path output) {
        return FileSink.forRowFormat(flinkPath(output), new SimpleStringEncoder<String>())
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .build();
    }

    private static org.apache.flink.core.fs.Path flinkPath(Path path) {
        return new org.apache.flink.core.fs.Path(path.toUri());
    }
}
