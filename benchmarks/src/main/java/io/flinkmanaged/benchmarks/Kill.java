package io.flinkmanaged.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is killed (SIGKILL, from outside) of a cluster under a job, and what is asked of its recovery. */
enum Kill {
    TASK_MANAGER_OF_THREE("TaskManager lost, a slot to spare", 3, "TaskManagerRunner", 2, 8),
    LEADER_OF_THREE("leading JobManager of three lost", 3, "StandaloneSessionClusterEntrypoint", 2.5, 20),
    NODE_OF_LEADER("the leader's whole node of three lost", 3, "java", 5, 0),
    ONLY_TASK_MANAGER("TaskManager lost, no slot to spare", 1, "TaskManagerRunner", 3, 5),
    ONLY_JOB_MANAGER("the only JobManager lost", 1, "StandaloneSessionClusterEntrypoint", 3, 15),
    ALL_OF_THREE("every process of three nodes lost", 3, "java", 20, 0),
    ALL_OF_ONE("every process of a single node lost", 1, "java", 8, 0);

    private final String label;
    private final int nodes;
    private final String command;
    private final double atMostSeconds;
    private final double timesFaster;

    Kill(String label, int nodes, String command, double atMostSeconds, double timesFaster) {
        this.label = label;
        this.nodes = nodes;
        this.command = command;
        this.atMostSeconds = atMostSeconds;
        this.timesFaster = timesFaster;
    }

    String label() {
        return label;
    }

    int nodes() {
        return nodes;
    }

    double atMostSeconds() {
        return atMostSeconds;
    }

    /** Returns how many times faster than the peer it should be; 0 if it is held against the clock alone. */
    double timesFaster() {
        return timesFaster;
    }

    boolean isOfLeader() {
        return this == LEADER_OF_THREE || this == NODE_OF_LEADER || this == ONLY_JOB_MANAGER;
    }

    /** Returns whether Flink itself can go on from what is left; otherwise only the state storage knows. */
    boolean isForFlink() {
        return this != ALL_OF_THREE && this != ALL_OF_ONE;
    }

    /**
     * Kills.
     *
     * @param processes where all processes of the side work
     * @param node the number of the node
     * @return when, in milliseconds since 1970
     */
    long of(Path processes, int node) {
        List<ProcessHandle> doomed = ProcessHandle.allProcesses()
                .filter(process -> worksIn(process, processes, isForFlink() ? "node-" + node : "node-"))
                .filter(process -> process.info().commandLine().orElse("").contains(command))
                .filter(process -> command.equals("java") || !Standbys.waits(process))
                .toList();
        if (doomed.isEmpty()) {
            throw new IllegalStateException(this + " of node " + node + ": none (expected: a process)");
        }
        long now = System.currentTimeMillis();
        doomed.forEach(ProcessHandle::destroyForcibly);
        return now;
    }

    private static boolean worksIn(ProcessHandle process, Path directory, String node) {
        try {
            Path works = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
            return works.startsWith(directory) && works.getFileName().toString().startsWith(node);
        } catch (IOException e) {
            // It has ended, or is another user's.
            return false;
        }
    }
}
