package io.flinkmanaged.testkit.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes numbers to files that count when the checkpoint is completed which they were written before: a file is written in
 * one directory and moved into another one by the commit. What is committed is the name of a file, which Flink keeps.
 */
final class CommittingFileSink implements Sink<Long>, SupportsCommitter<String> {
    private static final long serialVersionUID = 1L;

    private final String pending;
    private final String committed;

    CommittingFileSink(Path pending, Path committed) {
        this.pending = pending.toString();
        this.committed = committed.toString();
    }

    @Override
    public SinkWriter<Long> createWriter(WriterInitContext context) {
        return new PendingFileWriter(Path.of(pending));
    }

    @Override
    public Committer<String> createCommitter(CommitterInitContext context) {
        return new FileCommitter(Path.of(pending), Path.of(committed));
    }

    @Override
    public SimpleVersionedSerializer<String> getCommittableSerializer() {
        return new OfNames();
    }

    private static final class OfNames implements SimpleVersionedSerializer<String> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(String name) {
            return name.getBytes(UTF_8);
        }

        @Override
        public String deserialize(int version, byte[] serialized) throws IOException {
            return new String(serialized, UTF_8);
        }
    }
}
