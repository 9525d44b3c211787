package io.flinkmanaged.storage;

import java.time.Instant;

/**
 * A file, or object, of a state storage.
 *
 * @param path relative to the location
 * @param bytes its length
 * @param modifiedAt when it was written, by the storage's clock: for people, as clocks differ
 */
public record StoredFile(String path, long bytes, Instant modifiedAt) {}
