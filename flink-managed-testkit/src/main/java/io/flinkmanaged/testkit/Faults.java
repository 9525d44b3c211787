package io.flinkmanaged.testkit;

import io.flinkmanaged.Drill;
import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SystemTimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Breaks a cluster on purpose, and tells whether it healed.
 *
 * <pre>{@code
 * Fault fault = faults.kill(taskManager(1));
 * assertThat(fault).isHealedWithin(Duration.ofSeconds(30));
 * }</pre>
 *
 * <p>The cluster must be supervised, as one that was launched or is operated is. Thread-safe. The creator closes it; one that
 * {@link ClusterTest} hands to a test is closed with the cluster.
 */
public final class Faults implements AutoCloseable {

    private final ManagedCluster cluster;
    private final EventDiary diary;
    private final SystemTimeSource time = new SystemTimeSource();
    private final Patience patience = new Patience();
    private final TearDown opened = new TearDown();

    private Faults(ManagedCluster cluster, EventDiary diary) {
        this.cluster = cluster;
        this.diary = diary;
        opened.add(time);
        opened.add(patience);
    }

    /**
     * Begins to listen to a cluster; only faults of this object are known to it.
     *
     * @param cluster the cluster, which the caller goes on to own
     */
    public static Faults on(ManagedCluster cluster) {
        EventDiary diary = new EventDiary();
        Faults faults = new Faults(cluster, diary);
        faults.opened.add(cluster.onEvent(diary));
        return faults;
    }

    /** For whoever keeps the cluster's events already. */
    static Faults on(ManagedCluster cluster, EventDiary diary) {
        return new Faults(cluster, diary);
    }

    /**
     * Kills a part of the cluster. Returns when it is dead, or, in process and for the leader, about to be.
     *
     * @param target what to kill
     * @return the fault, to be asserted on
     * @throws InvalidInputException if the cluster has no such node
     */
    public Fault kill(Target target) {
        return strike("kill of " + target, target, target::kill, target::lossesOfKill);
    }

    /**
     * Has a part of the cluster hang: its processes are stopped (SIGSTOP), so that they are there and do nothing. Returns when
     * they are stopped.
     *
     * @param target what to stop
     * @return the fault, to be asserted on
     * @throws InvalidInputException if the cluster has no such node, or runs in process, where nothing can be stopped
     */
    public Fault hang(Target target) {
        return strike("hang of " + target, target, target::hang, target::lossesOfHang);
    }

    private Fault strike(String text, Target target, Consumer<Drill> blow, Losses losses) {
        target.requireIn(cluster.spec());
        Set<String> jobs = livingJobs();
        Instant at = time.now();
        blow.accept(cluster.drill());
        return new Fault(new Fault.Facts(text, at, losses.since(at), jobs), cluster, diary, time, patience);
    }

    /** Those that the library knows: one that was submitted past it is not brought back by it. */
    private Set<String> livingJobs() {
        ClusterObservation seen = cluster.observe();
        Set<String> managed = cluster.jobs().stream().map(ManagedJob::name).collect(Collectors.toSet());
        return seen.jobs().stream()
                .filter(job -> !job.status().isGloballyTerminalState())
                .map(JobObservation::name)
                .filter(managed::contains)
                .collect(Collectors.toSet());
    }

    /** Stops listening. */
    @Override
    public void close() throws Exception {
        opened.run();
    }

    private interface Losses {
        List<Predicate<ClusterEvent>> since(Instant at);
    }
}
