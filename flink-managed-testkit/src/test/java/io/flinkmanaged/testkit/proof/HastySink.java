package io.flinkmanaged.testkit.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** A sink whose output counts as soon as it is written, before any checkpoint is completed. */
record HastySink(String directory) implements Sink<Long> {

    @Override
    public SinkWriter<Long> createWriter(WriterInitContext context) throws IOException {
        return new AtOnce(Files.newBufferedWriter(Files.createTempFile(Path.of(directory), "numbers-", "")));
    }

    LongStream output() {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return LongStream.of(
                    files.flatMap(HastySink::lines).mapToLong(Long::parseLong).toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            // The last line may be half written.
            return text.substring(0, text.lastIndexOf('\n') + 1).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record AtOnce(Writer file) implements SinkWriter<Long> {

        @Override
        public void write(Long number, Context context) throws IOException {
            file.write(number + "\n");
            file.flush();
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
