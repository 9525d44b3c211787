package io.flinkmanaged.examples;

/**
 * How far back a job went.
 *
 * @param before how many flights had passed before the loss, at least
 * @param restored how many of them the job came back with; 0 if it began anew
 */
record Replay(long before, long restored) {

    /** Returns how many flights were processed twice, at least; the state of the job has each of them once. */
    long again() {
        return Math.max(0, before - restored);
    }
}
