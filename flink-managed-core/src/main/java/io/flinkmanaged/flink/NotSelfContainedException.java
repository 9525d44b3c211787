package io.flinkmanaged.flink;

import java.io.IOException;

/** A checkpoint refers to files in a way that ties it to the place where it was written. */
public final class NotSelfContainedException extends IOException {

    private static final long serialVersionUID = 1L;

    NotSelfContainedException(String what) {
        super(what);
    }
}
