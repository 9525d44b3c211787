package io.flinkmanaged.benchmarks;

/**
 * How often each measurement is repeated.
 *
 * @param startup pairs of processes
 * @param further clusters of each kind
 * @param recovery TaskManagers lost on each side
 * @param throughput pairs of runs
 * @param jobs sets of 100 jobs on each side
 * @param storage checkpoints and restores of each state on each file system
 * @param failover kills of each kind
 * @param simulated clusters under one supervisor
 */
record Rounds(
        int startup, int further, int recovery, int throughput, int jobs, int storage, int failover, int simulated) {

    static final Rounds FULL = new Rounds(9, 9, 9, 9, 7, 5, 5, 1000);
    static final Rounds QUICK = new Rounds(5, 5, 3, 3, 3, 3, 2, 200);
}
