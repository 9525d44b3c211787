package io.flinkmanaged.testkit;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that an {@link EmbeddedGcs} received.
 *
 * @param operation what it asks for
 * @param bucket the bucket's name; empty if it names none
 * @param key the object's name, of each step of an upload too; of a listing, the prefix; empty if it names none
 * @param query the parameters of the request, decoded
 * @param conditional whether it demands that the object be absent ({@code ifGenerationMatch=0})
 * @param bytes the length of its body
 */
public record GcsRequest(
        GcsOperation operation, String bucket, String key, Map<String, String> query, boolean conditional, long bytes) {

    /** Keeps a copy. */
    public GcsRequest {
        query = Collections.unmodifiableMap(new TreeMap<>(query));
    }

    /**
     * Returns whether this asks for something.
     *
     * @param other the operation
     */
    public boolean is(GcsOperation other) {
        return operation == other;
    }

    static GcsRequest of(GcsCall call) {
        GcsOperation operation = call.operation();
        Map<String, String> query = call.query();
        String key =
                switch (operation) {
                    case LIST -> query.getOrDefault("prefix", "");
                    case UPLOAD, RESUMABLE_UPLOAD -> GcsUploads.nameIn(call);
                    default -> call.object();
                };
        return new GcsRequest(
                operation, call.bucket(), key, query, "0".equals(query.get("ifGenerationMatch")), call.body().length);
    }
}
