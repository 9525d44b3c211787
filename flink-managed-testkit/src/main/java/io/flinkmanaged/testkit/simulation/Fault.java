package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.NodeId;
import java.time.Duration;

/**
 * Something that goes wrong with a cluster, or with what it stands on.
 *
 * @param at when, from the beginning of the plan
 * @param kind what
 * @param node on which node, for what happens to a node
 * @param lasts how long, for what ends by itself
 */
public record Fault(Duration at, Kind kind, NodeId node, Duration lasts) {

    /** What goes wrong. */
    public enum Kind {
        /** A node's TaskManager is killed. */
        TASK_MANAGER_KILLED(false),
        /** A node's TaskManager hangs, until somebody ends it. */
        TASK_MANAGER_HUNG(false),
        /** A node's JobManager is killed, be it the leader or not. */
        JOB_MANAGER_KILLED(false),
        /** The JobManager that leads is killed. */
        LEADER_KILLED(false),
        /** The JobManager that leads hangs, until somebody ends it. */
        LEADER_HUNG(false),
        /** A node's peer of ZooKeeper is killed. */
        ZOOKEEPER_KILLED(false),
        /** Every process of a node is killed. */
        NODE_LOST(false),
        /** The processes of a node are there, and nobody reaches them. */
        NODE_UNREACHABLE(true),
        /** What JobManagers leave for their successors is gone, and so are they: none that is started in that epoch can lead. */
        RECOVERY_DATA_LOST(false),
        /** Every process is killed. */
        ALL_LOST(false),
        /** Every process is killed, and each job's newest checkpoint is damaged. */
        ALL_LOST_NEWEST_POINTS_DAMAGED(false),
        /** REST answers nobody. */
        UNOBSERVABLE(true),
        /** The state storage is out of reach, for the library and for Flink. */
        STORAGE_DOWN(true),
        /** Nobody can tell whether what was stopped is dead. */
        STOP_UNCONFIRMED(true),
        /** The next operation that starts processes fails half-way. */
        OPERATION_FAILS(false),
        /** The next submission is taken, and the answer is lost. */
        ANSWER_LOST(false),
        /** The journal can be read, and nothing can be written. */
        JOURNAL_UNWRITABLE(true),
        /** Somebody sets the clock. */
        CLOCK_SET(true),
        /** A job fails for good, by its own code. */
        JOB_FAILS(false),
        /** From now on a job fails at the same record whenever it runs, also in its next attempts. */
        JOB_POISONED(false);

        private final boolean lasting;

        Kind(boolean lasting) {
            this.lasting = lasting;
        }

        boolean isLasting() {
            return lasting;
        }
    }

    @Override
    public String toString() {
        return "after " + at + " " + kind + " (" + node + (kind.isLasting() ? ", for " + lasts : "") + ")";
    }
}
