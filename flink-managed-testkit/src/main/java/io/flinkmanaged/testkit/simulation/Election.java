package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Which JobManager leads: one that works, where most of the peers of ZooKeeper do. */
final class Election {

    private final SimulatedTime time;
    private final Pace pace;
    private final SimulatedNodes nodes;
    private final Runnable lost;
    private final Consumer<SimulatedProcess> elected;
    private Optional<SimulatedProcess> leader = Optional.empty();
    private int calls;

    /**
     * Creates an election that nobody has won yet.
     *
     * @param lost called when the leader has ceased to lead
     * @param elected takes each new leader
     */
    Election(SimulatedTime time, SimulatedNodes nodes, Runnable lost, Consumer<SimulatedProcess> elected) {
        this.time = time;
        this.pace = new Pace(time);
        this.nodes = nodes;
        this.lost = lost;
        this.elected = elected;
    }

    Optional<NodeId> leader() {
        return leader.map(SimulatedProcess::node);
    }

    boolean hasLeader() {
        return leader.isPresent();
    }

    /** Takes note of a process that has changed. */
    void note(SimulatedProcess process) {
        boolean deposed = leader.filter(leading -> !leading.works() || !nodes.zooKeeperHasQuorum())
                .isPresent();
        if (deposed) {
            leader = Optional.empty();
            lost.run();
        }
        if (leader.isEmpty() && !process.is(Kind.TASK_MANAGER)) {
            boolean silent = deposed && process.is(Kind.JOB_MANAGER) && process.isAlive();
            callLater(silent ? pace.session() : pace.election());
        }
    }

    private void callLater(Duration delay) {
        int call = ++calls;
        TimeSource.Cancellable unused = time.delay(delay, () -> {
            if (call == calls) {
                elect();
            }
        });
    }

    private void elect() {
        List<SimulatedProcess> candidates =
                nodes.all(Kind.JOB_MANAGER).filter(SimulatedProcess::works).toList();
        if (leader.isEmpty() && !candidates.isEmpty() && nodes.zooKeeperHasQuorum()) {
            SimulatedProcess won = candidates.get(time.oneOf(candidates.size()));
            leader = Optional.of(won);
            elected.accept(won);
        }
    }
}
