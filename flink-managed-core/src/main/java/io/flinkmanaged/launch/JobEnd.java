package io.flinkmanaged.launch;

import java.util.Optional;
import org.apache.flink.api.common.JobStatus;

/**
 * How a job ended for good.
 *
 * @param status FINISHED, CANCELED or FAILED
 * @param cause why it failed; empty otherwise
 */
public record JobEnd(JobStatus status, Optional<Throwable> cause) {}
