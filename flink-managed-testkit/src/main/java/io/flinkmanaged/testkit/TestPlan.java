package io.flinkmanaged.testkit;

import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import java.util.Locale;

/** The plans of {@link Plans} by words that an annotation takes, and a small one of three nodes. */
public enum TestPlan {
    /** {@link Plans#TINY}. */
    TINY,
    /** Three nodes of 1 GiB and one processor each. */
    THREE_NODE_TINY,
    /** {@link Plans#SINGLE_NODE_4GB}. */
    SINGLE_NODE_4GB,
    /** {@link Plans#SINGLE_NODE_8GB}. */
    SINGLE_NODE_8GB,
    /** {@link Plans#SINGLE_NODE_16GB}. */
    SINGLE_NODE_16GB,
    /** {@link Plans#SINGLE_NODE_32GB}. */
    SINGLE_NODE_32GB,
    /** {@link Plans#THREE_NODE_4GB}. */
    THREE_NODE_4GB,
    /** {@link Plans#THREE_NODE_8GB}. */
    THREE_NODE_8GB,
    /** {@link Plans#THREE_NODE_16GB}. */
    THREE_NODE_16GB,
    /** {@link Plans#THREE_NODE_32GB}. */
    THREE_NODE_32GB;

    /** Returns the plan. */
    public Plan plan() {
        return this == THREE_NODE_TINY
                ? Plan.custom(planName(), 3, Plans.TINY.nodeMemory(), Plans.TINY.nodeCpus())
                : Plans.named(planName()).orElseThrow();
    }

    private String planName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
