package io.flinkmanaged.storage;

import java.nio.file.Path;
import org.apache.flink.configuration.MemorySize;

/**
 * How a storage limits the files that Flink writes there.
 *
 * @param largest how long a state file may be
 * @param reason whose limit that is, for people: {@code Amazon's limit for an upload in one piece}
 * @param spool a directory of this machine where clusters in this JVM write each state file, whole, before it is sent; it
 *     need not exist yet
 */
public record StateFileLimits(MemorySize largest, String reason, Path spool) {}
