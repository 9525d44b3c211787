package io.flinkmanaged.launch;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.security.AccessGrant;
import io.flinkmanaged.security.Rotation;
import io.flinkmanaged.spec.ClusterSpec;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running epoch of a cluster: everything that anybody sees of it or does to it goes through here. Thread-safe. */
public interface LaunchedCluster {

    /** Returns the configuration that the epoch was rendered with, every key with its reason. */
    LayeredConfiguration configuration();

    /**
     * Returns the configuration that another spec would be rendered with, at the place where the epoch runs.
     *
     * @param other the spec
     * @param settings what else decides keys
     */
    LayeredConfiguration configurationOf(ClusterSpec other, List<Setting> settings);

    /** Returns the address of Flink's REST interface and web UI. */
    URI webUi();

    /**
     * Gives somebody access to Flink's REST interface and web UI. Blocks.
     *
     * @param name who
     * @param lifetime how long
     * @throws InvalidInputException if the interface asks nobody who he is, or one of the two is refused
     */
    default AccessGrant grantAccess(String name, Duration lifetime) {
        throw InvalidInputException.of(
                "access for " + name,
                "no certificate, since " + webUi() + " asks nobody who he is",
                "a cluster of processes with TLS",
                "Use the address as it is, or run the cluster with ManagedFlink.processes(…).");
    }

    /**
     * Looks at the cluster: processes, answers and progress in one value. Takes no thread while it waits for an answer, so
     * that one supervisor can wait for many clusters at once.
     *
     * @return done within a bounded time, on any thread; a cluster that does not answer is a value, not a failure
     */
    CompletableFuture<ClusterObservation> look();

    /** Looks at the cluster as {@link #look} does, and blocks until that is done. */
    ClusterObservation observe();

    /**
     * Returns how soon a look can show something that the look before it did not: a pause for whoever looks again and again
     * while jobs come up. More often would only take from them.
     */
    default Duration lookPause() {
        return Duration.ofMillis(50);
    }

    /** Returns what the witnesses of the TaskManagers know, one of each node. Asks nobody and never blocks. */
    List<TaskManagerObservation> taskManagers();

    /**
     * Returns the processes that should be started anew before their certificates end. Asks nobody and never blocks.
     *
     * @return by node; empty if there is none, or nobody needs one
     */
    default List<EndingCertificate> endingCertificates() {
        return List.of();
    }

    /**
     * Asks the processes with which configuration they run. Blocks for a bounded time.
     *
     * @throws ManagedFlinkException with code {@code UNAVAILABLE} if they do not answer
     */
    EffectiveConfiguration effectiveConfiguration();

    /** Returns the door to the jobs. */
    JobGateway jobs();

    /**
     * Puts a TaskManager in the place of a node's former one: ends what is left of that, starts another and waits until
     * it is registered. Blocks.
     *
     * @param node the node
     * @return Flink's resource id of the new TaskManager
     * @throws LaunchException if it could not be started
     */
    String replaceTaskManager(NodeId node);

    /**
     * Starts another process of a node, no TaskManager, in the place of a dead one. Returns when it is started; a death
     * that follows is observed as any other. Only for what an observation shows as lost.
     *
     * @param node the node
     * @param kind which of its processes
     * @throws LaunchException if it could not be started
     */
    default void restart(NodeId node, RenderedProcess.Kind kind) {
        throw new IllegalStateException("This launcher's nodes have no process but a TaskManager.");
    }

    /**
     * Starts a process of a node that lives anew, no TaskManager, and waits until it does its part. Blocks.
     *
     * @param node the node
     * @param kind which of its processes
     * @throws LaunchException if it could not be started, or another process dies meanwhile
     */
    default void renew(NodeId node, RenderedProcess.Kind kind) {
        throw new IllegalStateException("This launcher's nodes have no process but a TaskManager.");
    }

    /** Returns how far the replacement of its certificate authorities has come; empty if it has none. May block. */
    default Optional<Rotation> rotation() {
        return Optional.empty();
    }

    /**
     * Takes the next step of the replacement of its certificate authorities, and gets itself certificates in the new state.
     * Before it, every process must have been started in the present state. May block.
     *
     * @return the state from now on
     */
    default Rotation advanceRotation() {
        throw new IllegalStateException("This launcher's nodes have no certificates.");
    }

    /**
     * Gets this library itself new certificates, by which its processes know it. None of them is touched. May block.
     *
     * @throws InvalidInputException if nothing can be issued, as when the authority's file is gone
     */
    default void renewOwnCertificates() {}

    /**
     * Ends a process that does nothing any more. Nothing is put in its place: what is dead is observed, and acted upon, as
     * any other. Only for what an observation shows as hung; returns when it is dead.
     *
     * @param hung the process
     * @throws LaunchException if it does not end
     */
    default void end(HungProcess hung) {
        throw new IllegalStateException("This launcher's nodes have no process that could be ended by itself.");
    }

    /**
     * Kills all processes of a node, as a drill. Returns when they are dead, or after a bounded time.
     *
     * @param node the node
     */
    default void killNode(NodeId node) {
        killTaskManager(node);
    }

    /**
     * Waits until everything does its part that was launched: what a launch with {@link LaunchOrder#jobsFirst} did not wait
     * for. Blocks.
     *
     * @throws LaunchException if a process dies meanwhile, or the launcher's patience ends; the cluster runs on without it
     */
    default void awaitReady() {}

    /** Kills every process of the epoch at once, as a drill. Returns when they are dead, or after a bounded time. */
    default void killAll() {
        killJobManager();
    }

    /**
     * Lets go of the epoch without ending it, where it can live on; otherwise ends it. Blocks for a bounded time.
     *
     * @return as {@link #stop}, if it was ended; confirmed, if it lives on
     */
    default StopConfirmation letGo() {
        return stop();
    }

    /**
     * Kills a node's TaskManager, as a drill; nothing is put in its place. Returns when it is dead, or after a bounded
     * time.
     *
     * @param node the node
     */
    void killTaskManager(NodeId node);

    /**
     * Has a process of a node hang, as a drill: it is there and does nothing any more. Returns when it is so.
     *
     * @param node the node
     * @param kind which of its processes
     * @throws InvalidInputException if nodes are no processes of their own
     * @throws LaunchException if it could not be stopped
     */
    default void hang(NodeId node, RenderedProcess.Kind kind) {
        throw InvalidInputException.of(
                "hang of the " + kind.directory() + " of " + node,
                "no process of its own, since the cluster runs within this JVM",
                "a cluster of processes",
                "Run the cluster with ManagedFlink.processes(…), or kill the " + kind.directory() + " instead.");
    }

    /**
     * Returns the node whose JobManager leads. Blocks for a bounded time, in which nobody may lead.
     *
     * @return empty if that is not known
     */
    default Optional<NodeId> leader() {
        return Optional.of(new NodeId(1));
    }

    /**
     * Kills the JobManager, as a drill; in process the whole epoch dies with it. Returns at once.
     */
    void killJobManager();

    /**
     * Ends every process of the epoch; state in the storage stays. Blocks for a bounded time; any number of times.
     *
     * @return whether all of them are known to be dead
     */
    StopConfirmation stop();
}
