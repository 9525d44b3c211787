package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.internal.LimitedExecutor;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Keeps clusters alive: looks at each, decides, hands one operation at a time to its lane, and takes note of what came
 * of it.
 *
 * <p>One loop for all clusters. The loop never blocks: looks, the failover policy and operations run on the time source's
 * pool and post their results back. A cluster that lets a look wait takes no thread of the pool meanwhile.
 */
public final class Supervisor {

    /** A storage that is away lets whoever asks wait, and there may be as many who ask as there are clusters. */
    private static final int MOST_STORAGE_PROBES = 2;

    /** A policy may be the embedder's: one that blocks for a cluster leaves a thread for the others. */
    private static final int MOST_DELIBERATIONS = 2;

    private static final Duration OVERDUE_AFTER = Duration.ofSeconds(30);

    private final TimeSource time;
    private final LoopLag loop;
    private final Tally tally = new Tally();
    private final Consumer<ClusterEvent> events;
    private final Executor storageProbes;
    private final FailoverPolicy policy;
    private final Executor deliberations;
    private final Duration overdueAfter;

    /**
     * Creates a supervisor.
     *
     * @param time the time and the pool for looks
     * @param policy decides
     * @param loop runs the loop's steps, one at a time and in order; owned by the caller
     * @param events takes what happens; never blocks
     */
    public Supervisor(TimeSource time, FailoverPolicy policy, Executor loop, Consumer<ClusterEvent> events) {
        this(time, policy, loop, events, OVERDUE_AFTER);
    }

    /** Creates one for which a look, and a policy's answer, is overdue after a time. */
    Supervisor(
            TimeSource time,
            FailoverPolicy policy,
            Executor loop,
            Consumer<ClusterEvent> events,
            Duration overdueAfter) {
        this.time = time;
        this.loop = new LoopLag(loop, time);
        this.events = events;
        this.policy = policy;
        this.overdueAfter = overdueAfter;
        this.deliberations = new LimitedExecutor(time.blocking(), MOST_DELIBERATIONS);
        this.storageProbes = new LimitedExecutor(time.blocking(), MOST_STORAGE_PROBES);
    }

    /**
     * Begins to supervise a cluster.
     *
     * @param cluster the cluster; it may have no epoch yet, then one is begun
     * @return the supervision, ended by {@link Supervision#end}
     */
    public Supervision supervise(Cluster cluster) {
        Supervision supervision = new Supervision(
                cluster,
                time,
                new Deliberations(policy, deliberations, overdueAfter),
                loop,
                events,
                tally,
                new StorageProbe(cluster, time, loop, storageProbes),
                overdueAfter);
        cluster.onChange(supervision::lookNow);
        cluster.onFailedJob(supervision);
        supervision.lookNow();
        return supervision;
    }

    /** Returns how the supervisor itself does; any thread. Sorts some thousand numbers: not for each request of a web page. */
    public SupervisorMetrics metrics() {
        return tally.with(loop.sorted());
    }
}
