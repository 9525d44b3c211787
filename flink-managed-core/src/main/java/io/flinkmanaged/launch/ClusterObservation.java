package io.flinkmanaged.launch;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.Redaction;
import java.time.Instant;
import java.util.List;

/**
 * What was seen of a running epoch at one time.
 *
 * @param at when
 * @param liveness whether the cluster as a whole lives and answers
 * @param detail why it is dead or unknown; empty if it answers
 * @param taskManagers one of each node, in the order of the nodes
 * @param lost the other processes of nodes that are dead; none where a cluster has none of its own
 * @param hung processes that live and do nothing any more, TaskManagers included
 * @param silent processes that live and do not do their part for a while, and of which that proves nothing yet: they start,
 *     were cut off a moment ago, or do not find the others
 * @param cutOff nodes of other machines that nobody hears of, while nothing proves that they are dead
 * @param jobs every job that Flink knows, those that have ended included; empty unless it answers
 */
public record ClusterObservation(
        Instant at,
        Liveness liveness,
        String detail,
        List<TaskManagerObservation> taskManagers,
        List<LostProcess> lost,
        List<HungProcess> hung,
        List<SilentProcess> silent,
        List<NodeId> cutOff,
        List<JobObservation> jobs) {

    /** Keeps copies. */
    public ClusterObservation {
        detail = Redaction.hide(detail);
        taskManagers = List.copyOf(taskManagers);
        lost = List.copyOf(lost);
        hung = List.copyOf(hung);
        silent = List.copyOf(silent);
        cutOff = List.copyOf(cutOff);
        jobs = List.copyOf(jobs);
    }

    /**
     * Makes one without lost, hung and silent processes, and without nodes that are cut off.
     *
     * @param at when
     * @param liveness whether the cluster as a whole lives and answers
     * @param detail why it is dead or unknown
     * @param taskManagers one of each node
     * @param jobs every job that Flink knows
     */
    public ClusterObservation(
            Instant at,
            Liveness liveness,
            String detail,
            List<TaskManagerObservation> taskManagers,
            List<JobObservation> jobs) {
        this(at, liveness, detail, taskManagers, List.of(), List.of(), List.of(), List.of(), jobs);
    }

    /** Returns whether it answers, and nothing of it is dead, hung, silent or cut off. */
    public boolean isWhole() {
        return liveness == Liveness.ANSWERS
                && everyTaskManagerLives()
                && lost.isEmpty()
                && hung.isEmpty()
                && silent.isEmpty()
                && cutOff.isEmpty();
    }

    /** Returns whether no TaskManager is dead. */
    public boolean everyTaskManagerLives() {
        return taskManagers.stream().allMatch(taskManager -> taskManager.death().isEmpty());
    }

    /** Whether a cluster lives. */
    public enum Liveness {
        /** The JobManager answers. */
        ANSWERS,
        /** It does not answer, and nothing proves that it is dead. */
        UNKNOWN,
        /** It is proved dead: no process of it will do anything any more. */
        DEAD
    }
}
