package io.flinkmanaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job that uses up the memory of the JVM it first runs in. */
final class Greedy {

    private static final int MEBIBYTE = 1 << 20;

    private Greedy() {}

    /** Defines it; it leaves a file when it begins, and behaves where there is one. */
    static void define(StreamExecutionEnvironment environment, Path begun) throws Exception {
        String file = begun.toString();
        MapFunction<Long, Long> hoard = number -> hoard(Path.of(file), number);
        environment.fromSequence(1, 10).map(hoard).returns(Types.LONG).sinkTo(new DiscardingSink<>());
        environment.execute("greedy");
    }

    private static Long hoard(Path begun, Long number) throws IOException {
        if (Files.exists(begun)) {
            return number;
        }
        Files.createFile(begun);
        List<byte[]> hoarded = new ArrayList<>();
        while (hoarded.size() < Integer.MAX_VALUE) {
            hoarded.add(new byte[MEBIBYTE]);
        }
        return (long) hoarded.size();
    }
}
