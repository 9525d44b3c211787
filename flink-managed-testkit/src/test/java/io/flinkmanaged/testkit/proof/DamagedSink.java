package io.flinkmanaged.testkit.proof;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** A proof's sink that writes some numbers not at all, or more than once. */
record DamagedSink(CommittingFileSink sound, Times times) implements Sink<Long>, SupportsCommitter<String> {

    /** How often a number is written. */
    interface Times extends Serializable {
        int of(long number);
    }

    @Override
    public SinkWriter<Long> createWriter(WriterInitContext context) {
        return new Writer((PendingFileWriter) sound.createWriter(context), times);
    }

    @Override
    public Committer<String> createCommitter(CommitterInitContext context) {
        return sound.createCommitter(context);
    }

    @Override
    public SimpleVersionedSerializer<String> getCommittableSerializer() {
        return sound.getCommittableSerializer();
    }

    private record Writer(PendingFileWriter sound, Times times) implements CommittingSinkWriter<Long, String> {

        @Override
        public void write(Long number, Context context) throws IOException {
            for (int i = 0; i < times.of(number); i++) {
                sound.write(number, context);
            }
        }

        @Override
        public Collection<String> prepareCommit() throws IOException {
            return sound.prepareCommit();
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() throws IOException {
            sound.close();
        }
    }
}
