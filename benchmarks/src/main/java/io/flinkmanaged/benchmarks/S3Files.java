package io.flinkmanaged.benchmarks;

import org.apache.flink.configuration.Configuration;

/** A way for Flink to reach a bucket, in force until it is closed. */
interface S3Files extends AutoCloseable {

    /** Returns the keys that a cluster needs. */
    Configuration keys();
}
