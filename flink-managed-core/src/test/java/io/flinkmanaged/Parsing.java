package io.flinkmanaged;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job that fails at every record while a file is there. */
final class Parsing implements MapFunction<Long, Long>, Serializable {

    private static final long serialVersionUID = 1L;

    private final String poison;

    private Parsing(String poison) {
        this.poison = poison;
    }

    static void define(StreamExecutionEnvironment environment, Path poison) throws Exception {
        environment
                .fromSequence(0, Long.MAX_VALUE)
                .map(new Parsing(poison.toString()))
                .sinkTo(new DiscardingSink<>());
        environment.executeAsync("parse");
    }

    @Override
    public Long map(Long number) {
        if (Files.exists(Path.of(poison))) {
            throw new IllegalStateException("record " + number + " is bad");
        }
        return number;
    }
}
