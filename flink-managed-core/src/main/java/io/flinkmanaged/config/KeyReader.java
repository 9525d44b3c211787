package io.flinkmanaged.config;

/** Who reads a key, and with that, what has to begin anew before another value of it holds. */
public enum KeyReader {
    /** No process of a cluster of this library. */
    NOBODY(Disruption.NONE),
    /** Flink's own clients, which are not part of a cluster. */
    CLIENT(Disruption.NONE),
    /** The program that defines a job: a running job keeps what it was built with until its program is submitted again. */
    PROGRAM(Disruption.NONE),
    /** JobManager and TaskManagers, once for each job when it starts; what the job itself sets wins. */
    JOB(Disruption.JOBS),
    /** Each TaskManager when it starts. */
    TASK_MANAGER(Disruption.ROLLING),
    /** The JobManager when it starts. */
    JOB_MANAGER(Disruption.RESTART),
    /** Each JobManager and TaskManager when it starts; they must agree. */
    EVERY_PROCESS(Disruption.RESTART);

    private final Disruption disruption;

    KeyReader(Disruption disruption) {
        this.disruption = disruption;
    }

    /** Returns whether what a job sets in its own configuration counts. */
    public boolean asksTheJob() {
        return this == JOB || this == PROGRAM;
    }

    /** Returns the least that makes another value hold everywhere. */
    public Disruption disruption() {
        return disruption;
    }
}
