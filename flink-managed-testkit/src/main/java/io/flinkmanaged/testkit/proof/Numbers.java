package io.flinkmanaged.testkit.proof;

import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The numbers 0, 1, 2, … as a slow stream. How far it has come is Flink's state, which is restored with any parallelism;
 * with a parallelism of 1 they come in order. No more than {@value Lane#LANES} readers have something to do.
 */
public final class Numbers {

    private static final String NAME = "numbers";

    private Numbers() {}

    /**
     * Adds so many numbers to a job.
     *
     * @param environment the job's
     * @param count how many
     * @param perSecond how many a second, all readers together; another attempt may have another rate
     * @return the stream, which ends
     */
    public static DataStreamSource<Long> upTo(StreamExecutionEnvironment environment, long count, double perSecond) {
        return stream(environment, new NumberSource(count, perSecond, ""));
    }

    /** Adds numbers, the positions of which are told in a directory when a checkpoint is completed. */
    static DataStreamSource<Long> acknowledged(
            StreamExecutionEnvironment environment, long count, double perSecond, Path acknowledgements) {
        return stream(environment, new NumberSource(count, perSecond, acknowledgements.toString()));
    }

    private static DataStreamSource<Long> stream(StreamExecutionEnvironment environment, NumberSource source) {
        return (DataStreamSource<Long>) environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), NAME, Types.LONG)
                .uid(NAME);
    }
}
