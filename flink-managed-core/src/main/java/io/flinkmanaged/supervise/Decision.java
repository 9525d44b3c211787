package io.flinkmanaged.supervise;

import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;
import java.util.Optional;

/** What is to be done about a situation. */
public sealed interface Decision {

    /** Returns why: a sentence. */
    String reason();

    /** Returns which process it puts back, if it does. */
    default Optional<Place> place() {
        return Optional.empty();
    }

    /** Returns how often in a row the process that it puts back had died soon after its start. */
    default int shortLives() {
        return 0;
    }

    /**
     * A process of a cluster, whoever it is at a time.
     *
     * @param node its node
     * @param kind which of the node's processes
     */
    record Place(NodeId node, RenderedProcess.Kind kind) {}

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
     * @param shortLives how often in a row the dead one and those before it died soon after their start
     * @param reason why
     */
    record ReplaceTaskManager(NodeId node, @Override int shortLives, String reason) implements Decision {

        /**
         * Puts one in the place of one that has lived for long.
         *
         * @param node the node
         * @param reason why
         */
        public ReplaceTaskManager(NodeId node, String reason) {
            this(node, 0, reason);
        }

        @Override
        public Optional<Place> place() {
            return Optional.of(new Place(node, RenderedProcess.Kind.TASK_MANAGER));
        }
    }

    /**
     * Start another process of a node, no TaskManager, in the place of a dead one: the epoch goes on.
     *
     * @param node the node
     * @param kind which of its processes
     * @param shortLives how often in a row the dead one and those before it died soon after their start
     * @param reason why
     */
    record RestartProcess(
            NodeId node,
            RenderedProcess.Kind kind,
            @Override int shortLives,
            String reason) implements Decision {

        /**
         * Puts one in the place of one that has lived for long.
         *
         * @param node the node
         * @param kind which of its processes
         * @param reason why
         */
        public RestartProcess(NodeId node, RenderedProcess.Kind kind, String reason) {
            this(node, kind, 0, reason);
        }

        @Override
        public Optional<Place> place() {
            return Optional.of(new Place(node, kind));
        }
    }

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
     * End a job that fails again and again: nobody begins it again until it is submitted anew.
     *
     * @param failure which job, and what it fails of
     * @param reason why
     */
    record QuarantineJob(RepeatedFailure failure, String reason) implements Decision {}

    /**
     * Stop acting, and say so.
     *
     * @param reason why
     */
    record GiveUp(String reason) implements Decision {}
}
