package io.flinkmanaged.supervise;

import java.util.Optional;

/** What a {@link ClusterWatch} knows of a job from the last look. */
final class JobState {

    boolean running;
    int taskRestarts;
    /** When the last look began that saw it; before the first, the last one that did not. */
    Since seen;
    /** Since when it is interrupted, while it is. */
    Optional<Since> interrupted = Optional.empty();

    JobState(Since seen) {
        this.seen = seen;
    }
}
