package io.flinkmanaged.testkit;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that an {@link EmbeddedS3} received.
 *
 * @param operation what it asks for
 * @param bucket the bucket's name; empty if it names none
 * @param key the object's key; of a listing, the prefix; empty if it names none
 * @param query the parameters of the request, decoded
 * @param conditional whether it demands that the object be absent ({@code If-None-Match: *})
 * @param bytes the length of its body
 * @param accessKey the id of the key that signed it; empty if it is not signed
 * @param headers those that begin with {@code x-amz-}, by their names in lower case, without a session's token
 */
public record S3Request(
        S3Operation operation,
        String bucket,
        String key,
        Map<String, String> query,
        boolean conditional,
        long bytes,
        String accessKey,
        Map<String, String> headers) {

    /** Keeps copies. */
    public S3Request {
        query = Collections.unmodifiableMap(new TreeMap<>(query));
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /**
     * Returns whether this asks for something.
     *
     * @param other the operation
     */
    public boolean is(S3Operation other) {
        return operation == other;
    }

    static S3Request of(
            String method,
            String path,
            Map<String, String> query,
            boolean conditional,
            long bytes,
            String accessKey,
            Map<String, String> headers) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        int slash = name.indexOf('/');
        String bucket = slash < 0 ? name : name.substring(0, slash);
        String object = slash < 0 ? "" : name.substring(slash + 1);
        S3Operation operation = operation(method, object, query, headers.containsKey("x-amz-copy-source"));
        String key = operation == S3Operation.LIST ? query.getOrDefault("prefix", "") : object;
        return new S3Request(operation, bucket, key, query, conditional, bytes, accessKey, headers);
    }

    private static S3Operation operation(String method, String object, Map<String, String> query, boolean copies) {
        if (object.isEmpty()) {
            if (method.equals("POST") && query.containsKey("delete")) {
                return S3Operation.DELETE_MANY;
            }
            boolean lists = query.containsKey("list-type") || query.containsKey("prefix");
            return method.equals("GET") && lists ? S3Operation.LIST : S3Operation.BUCKET;
        }
        if (query.containsKey("uploads") || query.containsKey("uploadId")) {
            return S3Operation.MULTIPART;
        }
        return switch (method) {
            case "GET" -> S3Operation.GET;
            case "HEAD" -> S3Operation.HEAD;
            case "DELETE" -> S3Operation.DELETE;
            default -> copies ? S3Operation.COPY : S3Operation.PUT;
        };
    }
}
