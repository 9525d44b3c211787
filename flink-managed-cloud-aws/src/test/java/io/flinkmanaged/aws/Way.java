package io.flinkmanaged.aws;

import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedFlinkBuilder;
import io.flinkmanaged.testkit.TestPlan;
import java.nio.file.Path;

/** A way of running a cluster. */
enum Way {
    IN_PROCESS("in process", TestPlan.TINY),
    ONE_NODE("processes, one node", TestPlan.TINY),
    THREE_NODES("processes, three nodes", TestPlan.THREE_NODE_TINY);

    private final String text;
    private final TestPlan plan;

    Way(String text, TestPlan plan) {
        this.text = text;
        this.plan = plan;
    }

    TestPlan plan() {
        return plan;
    }

    boolean hasProcesses() {
        return this != IN_PROCESS;
    }

    /** Returns how many nodes it has. */
    int nodes() {
        return plan.plan().nodes();
    }

    ManagedFlink open(ManagedFlinkBuilder builder, Path directory) {
        return hasProcesses() ? builder.processes(directory) : builder.inProcess();
    }

    @Override
    public String toString() {
        return text;
    }
}
