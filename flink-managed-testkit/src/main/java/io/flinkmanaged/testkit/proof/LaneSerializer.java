package io.flinkmanaged.testkit.proof;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Lanes as bytes: how many, then of each its first and its next number. */
final class LaneSerializer implements SimpleVersionedSerializer<List<Lane>> {

    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(List<Lane> lanes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(lanes.size());
        for (Lane lane : lanes) {
            out.writeInt(lane.first());
            out.writeLong(lane.next());
        }
        return bytes.toByteArray();
    }

    @Override
    public List<Lane> deserialize(int version, byte[] serialized) throws IOException {
        if (version != VERSION) {
            throw new IOException("lanes of version " + version + " (expected: " + VERSION + ")");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
        int count = in.readInt();
        List<Lane> lanes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lanes.add(new Lane(in.readInt(), in.readLong()));
        }
        return lanes;
    }

    /** One lane, as Flink keeps each split by itself. */
    static final class OfOne implements SimpleVersionedSerializer<Lane> {

        private final LaneSerializer ofMany = new LaneSerializer();

        @Override
        public int getVersion() {
            return VERSION;
        }

        @Override
        public byte[] serialize(Lane lane) throws IOException {
            return ofMany.serialize(List.of(lane));
        }

        @Override
        public Lane deserialize(int version, byte[] serialized) throws IOException {
            return ofMany.deserialize(version, serialized).get(0);
        }
    }
}
