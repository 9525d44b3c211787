package io.flinkmanaged.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts the numbers 0, 1, 2, … and writes a {@link CountedLine} for each, at once, to a file of this machine. State that was
 * lost, or counted twice, makes a count that does not fit its number.
 */
final class CheckedCount extends KeyedProcessFunction<Long, Long, Long> {

    private final String file;
    private transient ValueState<Long> counted;
    private transient OutputStream lines;
    private transient long openedAt;

    CheckedCount(Path file) {
        this.file = file.toString();
    }

    @Override
    public void open(OpenContext context) throws IOException {
        counted = getRuntimeContext().getState(new ValueStateDescriptor<>("counted", Types.LONG));
        lines = Files.newOutputStream(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        openedAt = System.currentTimeMillis();
    }

    @Override
    public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
        Long before = counted.value();
        long count = before == null ? 1 : before + 1;
        counted.update(count);
        lines.write(String.format(
                        Locale.ROOT,
                        "%d %d %d %d %s%n",
                        openedAt,
                        System.currentTimeMillis(),
                        number,
                        count,
                        Path.of("").toAbsolutePath().getFileName())
                .getBytes(US_ASCII));
        out.collect(count);
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
