package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The processes of an epoch: a peer of ZooKeeper, a JobManager and a TaskManager on each node, as the launcher of processes
 * has them. Belongs to its virtual time.
 */
final class SimulatedNodes {

    private final SimulatedTime time;
    private final Pace pace;
    private final Deeds deeds;
    private final ClusterName cluster;
    private final Epoch epoch;
    private final List<NodeId> ids;
    private final Map<Seat, SimulatedProcess> processes = new TreeMap<>();
    private Runnable announce;
    private Consumer<SimulatedProcess> watcher = process -> {};
    private int started;

    /**
     * Creates nodes on which nothing runs yet.
     *
     * @param announce called when a look is worthwhile
     */
    SimulatedNodes(
            SimulatedTime time, Deeds deeds, ClusterName cluster, Epoch epoch, List<NodeId> ids, Runnable announce) {
        this.time = time;
        this.pace = new Pace(time);
        this.deeds = deeds;
        this.cluster = cluster;
        this.epoch = epoch;
        this.ids = List.copyOf(ids);
        this.announce = announce;
    }

    /** Says who is told of each process that begins to work, falls silent, or dies. */
    void watch(Consumer<SimulatedProcess> told) {
        watcher = told;
    }

    /** Says who is told, from now on, that a look is worthwhile. */
    void announceTo(Runnable listener) {
        announce = listener;
    }

    List<NodeId> ids() {
        return ids;
    }

    /** Starts a process in the place of a dead one, or where there was none. */
    SimulatedProcess start(NodeId node, Kind kind) {
        SimulatedProcess process = new SimulatedProcess(node, kind, node + "-" + kind.directory() + "-" + ++started);
        processes.put(new Seat(node, kind), process);
        deeds.started(cluster, epoch, process);
        beginLater(process, pace.start(kind));
        return process;
    }

    private void beginLater(SimulatedProcess process, Duration delay) {
        TimeSource.Cancellable unused = time.delay(delay, () -> {
            if (process.isStarting()) {
                process.begins();
                watcher.accept(process);
            }
        });
    }

    SimulatedProcess of(NodeId node, Kind kind) {
        SimulatedProcess process = processes.get(new Seat(node, kind));
        if (process == null) {
            throw new IllegalStateException(node + " has no " + kind.directory() + " yet.");
        }
        return process;
    }

    Stream<SimulatedProcess> all() {
        return processes.values().stream();
    }

    Stream<SimulatedProcess> all(Kind kind) {
        return all().filter(process -> process.is(kind));
    }

    List<SimulatedProcess> on(NodeId node) {
        return all().filter(process -> process.node().equals(node)).toList();
    }

    boolean allAreDead() {
        for (SimulatedProcess process : processes.values()) {
            if (process.isAlive()) {
                return false;
            }
        }
        return true;
    }

    boolean zooKeeperHasQuorum() {
        return all(Kind.ZOOKEEPER).filter(SimulatedProcess::works).count() > ids.size() / 2;
    }

    /** Kills processes at once, and says so when all of them are dead. */
    void kill(List<SimulatedProcess> victims, String cause) {
        List<SimulatedProcess> alive =
                victims.stream().filter(SimulatedProcess::isAlive).toList();
        Death death = new Death(time.now(), cause);
        for (SimulatedProcess process : alive) {
            process.dies(death);
            deeds.died(cluster, epoch, process);
        }
        alive.forEach(watcher);
        if (!alive.isEmpty()) {
            announce.run();
        }
    }

    /** Lets a process hang; it is known for that after a while. */
    void hang(SimulatedProcess process) {
        if (process.works()) {
            process.fallsSilent(time.now(), time.ticks() + pace.silenceIsKnown().toNanos());
            watcher.accept(process);
        }
    }

    /** Lets the processes of a node work on where nobody reaches them, for a while. */
    void cutOff(NodeId node, Duration lasts) {
        for (SimulatedProcess process : on(node)) {
            if (process.works()) {
                process.fallsSilent(time.now(), Long.MAX_VALUE);
                watcher.accept(process);
                TimeSource.Cancellable unused = time.delay(lasts, () -> {
                    if (process.isAlive()) {
                        process.begins();
                        watcher.accept(process);
                    }
                });
            }
        }
    }

    List<TaskManagerObservation> taskManagers() {
        return all(Kind.TASK_MANAGER)
                .map(process -> new TaskManagerObservation(process.node(), process.resourceId(), process.death()))
                .toList();
    }

    List<LostProcess> lost() {
        List<LostProcess> lost = new ArrayList<>();
        all().filter(process -> !process.is(Kind.TASK_MANAGER)).forEach(process -> process.death()
                .ifPresent(death -> lost.add(new LostProcess(process.node(), process.kind(), death))));
        return lost;
    }

    /** Returns those that hang; who hears of a TaskManager only from JobManagers learns nothing while none answers. */
    List<HungProcess> hung(boolean answers) {
        long now = time.ticks();
        return all().filter(process -> process.isKnownToHang(now))
                .filter(process -> answers || !process.is(Kind.TASK_MANAGER))
                .map(process -> new HungProcess(
                        process.node(), process.kind(), process.silentSince(), "its witnesses hear nothing"))
                .toList();
    }

    String deaths() {
        return String.join(
                "; ",
                all().flatMap(process -> process.death().stream().map(death -> process + ": " + death.cause()))
                        .toList());
    }

    private record Seat(NodeId node, Kind kind) implements Comparable<Seat> {
        @Override
        public int compareTo(Seat other) {
            int byNode = node.compareTo(other.node);
            return byNode != 0 ? byNode : kind.compareTo(other.kind);
        }
    }
}
