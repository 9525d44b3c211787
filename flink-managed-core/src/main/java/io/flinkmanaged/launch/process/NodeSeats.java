package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.EndingCertificate;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Fills the seats of an epoch's nodes with processes: new ones, prepared ones, and those that were found. */
final class NodeSeats {

    private final EpochHome home;
    private final NodeStart starts;
    private final NodeProcesses processes;
    private final NodeKills kills;
    private final RestJobs jobs;
    private final Witness witness;
    private final Validities validities;
    private final Optional<Standbys> standbys;

    NodeSeats(
            EpochHome home,
            NodeStart starts,
            NodeProcesses processes,
            NodeKills kills,
            RestJobs jobs,
            Witness witness,
            Optional<Standbys> standbys) {
        this.home = home;
        this.starts = starts;
        this.processes = processes;
        this.kills = kills;
        this.jobs = jobs;
        this.witness = witness;
        this.validities = Validities.in(home);
        this.standbys = standbys;
    }

    /** Puts the files of all nodes in place. */
    void put() throws IOException {
        for (RenderedNode node : home.nodes()) {
            starts.put(node);
        }
    }

    /** Starts processes of all nodes. */
    void startAll(List<Kind> kinds) throws IOException {
        for (Kind kind : kinds) {
            for (RenderedNode node : home.nodes()) {
                RenderedProcess process = node.process(kind);
                take(NodeStart.seatOf(node, process), starts.start(node, process));
            }
        }
    }

    void startFirstJobManager() throws IOException {
        RenderedNode first = home.nodes().get(0);
        RenderedProcess process = first.process(Kind.JOB_MANAGER);
        take(NodeStart.seatOf(first, process), starts.start(first, process));
    }

    /**
     * They stand by, so they have the time to rehearse, and the first one has had the processors meanwhile. Where jobs of a
     * former epoch wait to be continued, they are put back after those, like any reserve that is missing.
     */
    void startOtherJobManagers() throws IOException {
        for (RenderedNode node : home.nodes().subList(1, home.nodes().size())) {
            RenderedProcess process = node.process(Kind.JOB_MANAGER);
            Seat seat = NodeStart.seatOf(node, process);
            if (home.continuesAnother()) {
                processes.leaveEmpty(seat, "it is started after the jobs");
            } else {
                take(seat, starts.startRehearsed(node, process));
            }
        }
    }

    /**
     * Takes the seats as they are found: by the living, or empty. Who only stands by does so for somebody else, and is ended.
     *
     * @param living the processes of its nodes, without what those have started
     */
    void adopt(List<HostProcess> living) {
        for (RenderedNode node : home.nodes()) {
            for (RenderedProcess process : node.processes()) {
                Seat seat = NodeStart.seatOf(node, process);
                living.stream()
                        .filter(one -> holds(one, node, process.kind()))
                        .findFirst()
                        .ifPresentOrElse(
                                one -> take(seat, one), () -> processes.leaveEmpty(seat, "it was not there any more"));
            }
        }
        Set<HostProcess> seated = new HashSet<>(processes.living().values());
        List<HostProcess> unused =
                Ending.end(living.stream().filter(one -> !seated.contains(one)).toList(), Duration.ZERO);
    }

    /**
     * Starts a process in the place of a former one, of which what is left is killed first.
     *
     * @return whether its JVM stood by
     * @throws LaunchException if no process is left in whose company it could live
     */
    boolean startAnother(Seat seat) throws IOException {
        kills.kill(List.of(seat), "it is replaced");
        if (processes.allAreDead()) {
            // Seen one by one, though killed together: what is left behind is another epoch's to pass over.
            throw new LaunchException(
                    home.cluster().value(),
                    new Finding(
                                    seat.toString(),
                                    "not put back, since every other process has ended, too",
                                    "one that lives, and knows the cluster's state",
                                    "Wait: another epoch takes this one's place.")
                            .toString(),
                    null);
        }
        RenderedNode node = home.node(seat.node());
        if (seat.kind() == Kind.JOB_MANAGER) {
            witness.settle(node.placement());
        }
        starts.deleteLeftBehind(node, node.process(seat.kind()));
        starts.put(node);
        Optional<HostProcess> prepared = standbys.flatMap(waiting -> waiting.begin(seat));
        take(seat, prepared.isPresent() ? prepared.get() : start(seat, node));
        return prepared.isPresent();
    }

    private HostProcess start(Seat seat, RenderedNode node) throws IOException {
        RenderedProcess process = node.process(seat.kind());
        boolean standsBy = seat.kind() == Kind.JOB_MANAGER
                && processes.living().keySet().stream().anyMatch(other -> other.kind() == Kind.JOB_MANAGER);
        return standsBy ? starts.startRehearsed(node, process) : starts.start(node, process);
    }

    /** Returns the processes that should be started anew before their certificates end. */
    List<EndingCertificate> ending(Instant now) {
        return validities.ending(now);
    }

    /** Returns how long a process may take to end before it is killed. */
    Duration endsWithin() {
        return starts.endsWithin();
    }

    private boolean holds(HostProcess process, RenderedNode node, Kind kind) {
        Path seat = node.placement().directory().resolve(kind.directory());
        Path startedAs = Path.of(process.startedAs());
        return startedAs.equals(seat)
                || (startedAs.startsWith(seat) && Standbys.hasBegun(process, home.hostOf(node.placement())));
    }

    private void take(Seat seat, HostProcess process) {
        processes.take(seat, process);
        standbys.ifPresent(Standbys::noteStart);
        if (seat.kind() == Kind.JOB_MANAGER) {
            NodePlacement placement = home.node(seat.node()).placement();
            CompletableFuture<Void> unused = process.whenEnded().thenAccept(status -> {
                witness.jobManagerIsDead(placement);
                jobs.jobManagerDied();
            });
        }
        validities.note(seat, process);
    }
}
