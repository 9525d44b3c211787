package io.flinkmanaged.testkit;

import java.io.EOFException;
import java.util.Objects;
import org.apache.flink.core.fs.FSDataInputStream;

/** Reads bytes that nobody changes. Not thread-safe, as Flink's streams are not. */
final class InMemoryInput extends FSDataInputStream {

    private final byte[] content;
    private int position;

    InMemoryInput(byte[] content) {
        this.content = content;
    }

    @Override
    public void seek(long to) throws EOFException {
        if (to < 0 || to > content.length) {
            throw new EOFException("position " + to + " of " + content.length + " bytes");
        }
        position = (int) to;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public int read() {
        return position == content.length ? -1 : content[position++] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, available());
        System.arraycopy(content, position, into, offset, count);
        position += count;
        return count == 0 ? -1 : count;
    }

    @Override
    public int available() {
        return content.length - position;
    }
}
