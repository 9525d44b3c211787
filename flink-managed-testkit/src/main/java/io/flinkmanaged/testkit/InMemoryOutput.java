package io.flinkmanaged.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataOutputStream;

/** Collects bytes and stores them when it is closed, as an upload does. Not thread-safe, as Flink's streams are not. */
final class InMemoryOutput extends FSDataOutputStream {

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final Storing storing;
    private boolean closed;

    InMemoryOutput(Storing storing) {
        this.storing = storing;
    }

    @Override
    public long getPos() {
        return collected.size();
    }

    @Override
    public void write(int one) throws IOException {
        requireOpen();
        collected.write(one);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        requireOpen();
        collected.write(from, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void sync() {}

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            storing.store(collected.toByteArray());
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("The stream is closed.");
        }
    }

    /** Where the bytes go. */
    @FunctionalInterface
    interface Storing {
        void store(byte[] content) throws IOException;
    }
}
