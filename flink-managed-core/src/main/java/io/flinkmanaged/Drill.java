package io.flinkmanaged;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;

/**
 * Breaks a cluster on purpose, as a fire drill: what it kills or stops, the supervisor heals as it heals any loss.
 *
 * <p>In process a TaskManager ends in good order instead of dying in mid-sentence: its tasks fail at once.
 */
public final class Drill {

    private final Cluster cluster;

    Drill(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Kills the TaskManager of a node; returns when it is dead.
     *
     * @param node the number of the node, from 1
     */
    public void killTaskManager(int node) {
        cluster.requireCurrent().launched().killTaskManager(new NodeId(node));
    }

    /**
     * Kills every process of a node; returns when they are dead. In process, that is its TaskManager.
     *
     * @param node the number of the node, from 1
     */
    public void killNode(int node) {
        cluster.requireCurrent().launched().killNode(new NodeId(node));
    }

    /**
     * Kills every process of the cluster at once: nothing is left of it but its state storage. Returns when they are dead; in
     * process, at once.
     */
    public void killAll() {
        cluster.requireCurrent().launched().killAll();
    }

    /**
     * Returns the number of the node whose JobManager leads; in process, 1. Waits for seconds at most while none does.
     *
     * @throws ManagedFlinkException with code {@code UNAVAILABLE} if that is not known
     */
    public int leader() {
        return cluster.requireCurrent()
                .launched()
                .leader()
                .map(NodeId::number)
                .orElseThrow(() -> new ManagedFlinkException(
                        Code.UNAVAILABLE,
                        cluster.spec().name().value(),
                        "leader of cluster " + cluster.spec().name()
                                + ": not known (expected: a JobManager that leads). Ask again.",
                        null));
    }

    /** Kills the JobManager that leads; in process, the whole epoch dies with it. Returns at once. */
    public void killJobManager() {
        cluster.requireCurrent().launched().killJobManager();
    }

    /**
     * Stops the TaskManager of a node (SIGSTOP): it is there and does nothing any more. Returns when it is stopped.
     *
     * @param node the number of the node, from 1
     * @throws InvalidInputException if the cluster runs in process
     */
    public void hangTaskManager(int node) {
        cluster.requireCurrent().launched().hang(new NodeId(node), Kind.TASK_MANAGER);
    }

    /**
     * Stops the JobManager that leads (SIGSTOP). Returns when it is stopped.
     *
     * @throws InvalidInputException if the cluster runs in process
     * @throws ManagedFlinkException with code {@code UNAVAILABLE} if it is not known which one leads
     */
    public void hangJobManager() {
        cluster.requireCurrent().launched().hang(new NodeId(leader()), Kind.JOB_MANAGER);
    }

    /**
     * Stops every process of a node (SIGSTOP), as a machine that is paused. Returns when they are stopped.
     *
     * @param node the number of the node, from 1
     * @throws InvalidInputException if the cluster runs in process
     */
    public void hangNode(int node) {
        for (Kind kind : Kind.values()) {
            cluster.requireCurrent().launched().hang(new NodeId(node), kind);
        }
    }
}
