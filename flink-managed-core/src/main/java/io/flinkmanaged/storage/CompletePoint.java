package io.flinkmanaged.storage;

/**
 * A completed checkpoint or savepoint from which a job can start.
 *
 * @param uri its directory, as Flink takes it
 * @param checkpointId Flink's number of it
 */
public record CompletePoint(String uri, long checkpointId) {}
