package io.flinkmanaged.storage;

/** What is known of the files that a checkpoint or savepoint consists of. */
public enum Completeness {
    /** Every file is there, as long as it must be: a job can start from it. */
    COMPLETE,
    /** It was completed once; its metadata is damaged now, or a file of it is missing or too short. */
    DAMAGED,
    /** It names files outside its location, of which nothing could be learned from here. */
    NOT_KNOWN
}
