package io.flinkmanaged.storage.bucket;

import org.apache.flink.core.fs.FileSystem;

/**
 * An instance of Flink's file system for one bucket, configured for its users alone.
 *
 * @param files the instance
 * @param closing closes it, and what was made for it
 */
public record BucketFileSystem(FileSystem files, AutoCloseable closing) {

    /** Opens an instance. */
    @FunctionalInterface
    public interface Opening {

        /** Opens an instance; leaves nothing open if it fails. */
        BucketFileSystem open();
    }
}
