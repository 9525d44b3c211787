package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ends processes of an epoch. Those that are killed together are seen dead together. Thread-safe. */
final class NodeKills {

    private final EpochHome home;
    private final NodeProcesses processes;
    private final Object dying = new Object();

    NodeKills(EpochHome home, NodeProcesses processes) {
        this.home = home;
        this.processes = processes;
    }

    /**
     * Kills processes; blocks until they are dead.
     *
     * @param reason why they are dead, from now on
     * @throws LaunchException if one does not end
     */
    void kill(List<Seat> seats, String reason) {
        synchronized (dying) {
            List<HostProcess> killed = new ArrayList<>();
            for (Seat seat : seats) {
                processes.expectDeath(seat, reason);
                processes.of(seat).ifPresent(killed::add);
            }
            requireDead(Ending.end(killed, Duration.ZERO));
            seats.forEach(processes::provedDead);
        }
    }

    /** Kills every process of some nodes at once; blocks until they are dead. */
    void killNodes(List<NodeId> nodes, String reason) {
        List<Seat> all = new ArrayList<>();
        for (NodeId node : nodes) {
            for (Kind kind : Kind.values()) {
                all.add(new Seat(node, kind));
            }
        }
        kill(all, reason);
    }

    /** Returns whether every process is dead; waits while some are being killed, so that nobody sees half of it. */
    boolean allAreDead() {
        synchronized (dying) {
            return processes.allAreDead();
        }
    }

    /**
     * Asks processes of all nodes to end, and kills those that do not. Blocks.
     *
     * @return those that are not known to be dead
     */
    List<HostProcess> stop(List<Kind> kinds, Duration patience) {
        List<HostProcess> all = new ArrayList<>();
        for (RenderedNode node : home.nodes()) {
            for (Kind kind : kinds) {
                Seat seat = new Seat(node.placement().node(), kind);
                processes.expectDeath(seat, "it was stopped");
                processes.of(seat).ifPresent(all::add);
            }
        }
        return Ending.end(all, patience);
    }

    private void requireDead(List<HostProcess> left) {
        if (!left.isEmpty()) {
            throw new LaunchException(
                    home.cluster().value(),
                    left.stream()
                                    .map(one -> one.startedAs() + " (" + one.id() + ")")
                                    .toList()
                            + ": does not end (expected: dead after SIGKILL). Look at it on the machine.",
                    null);
        }
    }
}
