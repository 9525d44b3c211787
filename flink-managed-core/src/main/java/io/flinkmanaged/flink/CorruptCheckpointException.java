package io.flinkmanaged.flink;

import java.io.IOException;

/** A checkpoint's metadata was read and is not what Flink wrote. */
public final class CorruptCheckpointException extends IOException {

    private static final long serialVersionUID = 1L;

    CorruptCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
