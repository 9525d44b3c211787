package io.flinkmanaged.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the outputs of {@link CheckedCount} as they come, and holds each against what it must be. For one thread. */
final class CountedLines {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path file;
    private long position;
    private String rest = "";

    CountedLines(Path file) {
        this.file = file;
    }

    /**
     * Returns the next line that is wanted.
     *
     * @throws IllegalStateException if a line on the way is not exact
     */
    CountedLine await(Predicate<CountedLine> wanted) throws IOException, TimeoutException {
        Stopwatch watch = Stopwatch.started();
        while (watch.seconds() < Patience.LIMIT.toSeconds()) {
            String line = next();
            if (line == null) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            CountedLine counted = CountedLine.parse(line);
            if (!counted.isExact()) {
                throw new IllegalStateException("state: " + counted + " (expected: one more counted than its number)");
            }
            if (wanted.test(counted)) {
                return counted;
            }
        }
        throw new TimeoutException(file + ": no such output within " + Patience.LIMIT);
    }

    private @Nullable String next() throws IOException {
        int end = rest.indexOf('\n');
        if (end < 0 && Files.exists(file)) {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
                byte[] more = new byte[(int) (bytes.length() - position)];
                bytes.seek(position);
                bytes.readFully(more);
                position += more.length;
                rest += new String(more, US_ASCII);
            }
            end = rest.indexOf('\n');
        }
        if (end < 0) {
            return null;
        }
        String line = rest.substring(0, end);
        rest = rest.substring(end + 1);
        return line;
    }
}
