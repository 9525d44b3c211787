package io.flinkmanaged.aws;

import java.net.URI;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** A job's {@code FileSink} would lose data on S3. Flink fails the job at once, since trying again changes nothing. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
final class LossyFileSinkException extends UnsupportedOperationException {

    private static final long serialVersionUID = 1L;

    LossyFileSinkException(URI bucket) {
        super("FileSink to " + bucket
                + ": refused (expected: a sink that loses nothing). In Flink 2.3's S3 file system a "
                + "file that was in progress when the job failed lacks, after the recovery, what was written before the "
                + "last checkpoint (FLINK-39778), or the recovery fails (FLINK-40595). Write to another storage, or accept "
                + "the loss with S3Storage.acceptFileSinkThatLosesDataOnRecovery().");
    }
}
