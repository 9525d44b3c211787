package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;

/** What is to be done about a situation. */
public sealed interface Decision {

    /** Returns why: a sentence. */
    String reason();

    /**
     * Nothing, for now.
     *
     * @param health how the cluster is meanwhile
     */
    record Wait(Health health) implements Decision {
        @Override
        public String reason() {
            return health.reason();
        }
    }

    /**
     * Put a TaskManager in the place of a node's dead one.
     *
     * @param node the node
     * @param reason why
     */
    record ReplaceTaskManager(NodeId node, String reason) implements Decision {}

    /**
     * Start another process of a node, no TaskManager, in the place of a dead one: the epoch goes on.
     *
     * @param node the node
     * @param kind which of its processes
     * @param reason why
     */
    record RestartProcess(NodeId node, RenderedProcess.Kind kind, String reason) implements Decision {}

    /**
     * End a process that lives and does nothing any more, so that another one can take its place.
     *
     * @param hung the process
     * @param reason why
     */
    record EndHungProcess(HungProcess hung, String reason) implements Decision {}

    /**
     * Begin a new epoch and continue every job in it.
     *
     * @param reason why
     */
    record BeginEpoch(String reason) implements Decision {}

    /**
     * Continue the jobs that the current epoch does not run yet.
     *
     * @param reason why
     */
    record RecoverJobs(String reason) implements Decision {}

    /**
     * Stop acting, and say so.
     *
     * @param reason why
     */
    record GiveUp(String reason) implements Decision {}
}
