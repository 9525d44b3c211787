package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** In which order the processes of an epoch come up, and who is waited for. Blocks; for the thread that launches. */
final class EpochStart {

    private final EpochHome home;
    private final NodeSeats seats;
    private final NodeProcesses processes;
    private final NodeReadiness readiness;
    private final Witness witness;
    private final Consumer<Set<Seat>> watch;

    /**
     * Creates it; nothing starts.
     *
     * @param watch begins to watch all processes, told whose work was seen already
     */
    EpochStart(
            EpochHome home,
            NodeSeats seats,
            NodeProcesses processes,
            NodeReadiness readiness,
            Witness witness,
            Consumer<Set<Seat>> watch) {
        this.home = home;
        this.seats = seats;
        this.processes = processes;
        this.readiness = readiness;
        this.witness = witness;
        this.watch = watch;
    }

    /** Starts every process and waits until all do their part; if jobs come first, only until they are taken. */
    void all() throws Exception {
        seats.put();
        // A TaskManager that finds no ZooKeeper goes on asking.
        seats.startAll(List.of(Kind.ZOOKEEPER, Kind.TASK_MANAGER));
        // A JobManager that finds none asks again only after a while.
        readiness.await("ZooKeeper serves its clients", Set.of(), readiness.zooKeeperServes());
        witness.prepare();
        seats.startFirstJobManager();
        if (home.takesJobsFirst()) {
            readiness.await("a JobManager leads", Set.of(), readiness::aJobManagerLeads);
        } else {
            awaitTaskManagers();
        }
        Set<Seat> working = new HashSet<>(processes.living().keySet());
        seats.startOtherJobManagers();
        if (!home.continuesAnother()) {
            readiness.await("every JobManager answers", Set.of(), readiness::everyJobManagerAnswers);
            working.addAll(processes.living().keySet());
        }
        if (home.takesJobsFirst()) {
            working.removeIf(seat -> seat.kind() == Kind.TASK_MANAGER);
        }
        watch.accept(working);
    }

    /** Takes over processes that were found alive. */
    void adopt(List<HostProcess> living) {
        witness.prepare();
        seats.adopt(living);
        watch.accept(Set.of());
    }

    /** Waits until those are there that jobs did not wait for. */
    void awaitReady() throws Exception {
        if (home.takesJobsFirst()) {
            awaitTaskManagers();
        }
    }

    private void awaitTaskManagers() throws Exception {
        Set<Seat> startedLater = processes.leftEmpty();
        readiness.await(
                "every TaskManager is registered",
                startedLater,
                readiness.everyTaskManagerRegisters(this::startTaskManagerAnew));
    }

    private void startTaskManagerAnew(NodeId node) {
        try {
            boolean unusedStoodBy = seats.startAnother(new Seat(node, Kind.TASK_MANAGER));
        } catch (IOException e) {
            // It is dead by now, and who waits is told so.
            throw new UncheckedIOException(e);
        }
    }
}
