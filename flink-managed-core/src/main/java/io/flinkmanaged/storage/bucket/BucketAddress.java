package io.flinkmanaged.storage.bucket;

/**
 * Where in a bucket a location's state lies.
 *
 * @param scheme of its URIs
 * @param bucket its name, a URI's host
 * @param prefix segments separated by single slashes, without one at its ends; empty for the whole bucket
 */
public record BucketAddress(String scheme, String bucket, String prefix) {

    /**
     * Returns the key of a path below the location.
     *
     * @param path relative to the location; for the location itself, if it is empty, the key ends with a slash or is empty
     */
    public String keyOf(String path) {
        if (path.isEmpty()) {
            return prefix.isEmpty() ? "" : prefix + "/";
        }
        return prefix.isEmpty() ? path : prefix + "/" + path;
    }

    /**
     * Returns the beginning of the keys of what is below a directory: empty, or with a slash at its end.
     *
     * @param directory relative to the location
     */
    public String prefixOf(String directory) {
        return directory.isEmpty() ? keyOf("") : keyOf(directory) + "/";
    }

    /** Returns the bucket's URI, which Flink asks for a file system by. */
    public String uri() {
        return scheme + "://" + bucket;
    }

    /**
     * Returns the URI of an object.
     *
     * @param key the object's, or the prefix of several
     */
    public String uriOfKey(String key) {
        return uri() + "/" + key;
    }
}
