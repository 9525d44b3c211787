package io.flinkmanaged.change;

/** What a person must say he knows before a change is applied. */
public enum Acknowledgement {
    /** For a while the cluster does not answer and none of its jobs runs. */
    DOWNTIME,
    /** Jobs that were not submitted through this library end, and nobody brings them back. */
    UNMANAGED_JOBS_LOST,
    /** Afterwards there are fewer slots than the running jobs need: some of them wait for slots and then fail. */
    TOO_FEW_SLOTS,
    /** A node has less memory: what fitted before may not fit any more. */
    LESS_MEMORY
}
