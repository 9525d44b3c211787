package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.InMemoryStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One life of a cluster in which every kind of action is due: jobs are submitted, two changes are applied, one by cancelling the jobs
 * and one by stopping them with savepoints, a person takes a savepoint and has certificates renewed, a TaskManager is killed, the leader is killed, one hangs, recovery data is lost,
 * everything is killed with damaged checkpoints, a job is poisoned. The library that supervises it dies at a step of one's choice, and
 * another one takes over, with the same journal, storage and processes.
 */
final class TakeOver {

    private static final Duration LOOKS_AFTER = Duration.ofSeconds(5);
    private static final Duration RESTARTED_AFTER = Duration.ofSeconds(3);
    private static final FaultPlan PLAN = new FaultPlan(List.of(
            fault(90, Fault.Kind.TASK_MANAGER_KILLED, 2),
            fault(120, Fault.Kind.LEADER_KILLED, 1),
            fault(150, Fault.Kind.TASK_MANAGER_HUNG, 3),
            fault(200, Fault.Kind.RECOVERY_DATA_LOST, 1),
            fault(300, Fault.Kind.ALL_LOST_NEWEST_POINTS_DAMAGED, 1),
            fault(340, Fault.Kind.JOB_POISONED, 1),
            fault(345, Fault.Kind.LEADER_KILLED, 1)));
    /** Checkpoints that were written with another value cannot be read. */
    private static final String BY_SAVEPOINT = "state.backend.rocksdb.timer-service.factory";

    private final Path directory;
    private final StorageProviders storages = StorageProviders.onClassPath();

    TakeOver(Path directory) {
        this.directory = directory;
    }

    private static Fault fault(long seconds, Fault.Kind kind, int node) {
        return new Fault(Duration.ofSeconds(seconds), kind, new NodeId(node), Duration.ZERO);
    }

    /**
     * Lives that life.
     *
     * @param diesAt at which step the first library dies
     */
    Outcome run(long diesAt) throws InterruptedException {
        try (VirtualTime time = VirtualTime.seeded(7);
                InMemoryStorage storage = InMemoryStorage.create(time);
                StateStorage opened = storages.open(storage.location())) {
            return outcome(new SimulatedWorld(time, storage, opened), diesAt);
        }
    }

    private Outcome outcome(SimulatedWorld world, long diesAt) throws InterruptedException {
        VirtualTime time = world.time();
        MortalLibrary mortal = new MortalLibrary(time, diesAt);
        Generation first = new Generation(mortal, world, directory);
        first.begin();
        live(first, world.spec());
        new FaultInjector(
                        time,
                        world.launcher(),
                        world.spec().name(),
                        world.storage(),
                        world.journal(),
                        (fault, victim) -> inflicted(world, fault, victim))
                .begin(PLAN);
        CompletableFuture<Void> settled = whenSettled(time, first);
        boolean unused = time.await(CompletableFuture.anyOf(mortal.whenDead(), settled), Generation.WITHIN);
        Generation last = first;
        if (mortal.isDead()) {
            world.note("the library dies at step " + mortal.steps().size());
            world.buryTheDead();
            time.pass(RESTARTED_AFTER);
            last = new Generation(new MortalLibrary(time, MortalLibrary.NEVER), world, directory);
            last.begin();
            settled = whenSettled(time, last);
            boolean unusedAgain = time.await(settled, Generation.WITHIN);
        }
        Invariants invariants = world.invariants();
        if (!settled.isDone() || settled.isCompletedExceptionally()) {
            invariants.violated("it does not settle: " + last.health());
        }
        return new Outcome(mortal.steps(), last.jobs(), invariants.violations(), world.history());
    }

    /** What people want of it, one after the other, as soon as the jobs run. */
    private static void live(Generation generation, ClusterSpec spec) {
        Checkpointing checkpoints = spec.checkpoints().orElseThrow();
        CompletableFuture<Void> unused = generation
                .when(generation::isSettled)
                .thenCompose(settled ->
                        generation.apply(edited -> edited.checkpoints(checkpoints.minimumPause(Duration.ofSeconds(1)))))
                .thenCompose(report -> generation.apply(edited -> edited.override(BY_SAVEPOINT, "HEAP")))
                .thenCompose(report -> generation.savepoint())
                .thenCompose(savepoint -> generation.renewCertificates());
    }

    private static CompletableFuture<Void> whenSettled(VirtualTime time, Generation generation) {
        Duration faultsEnd = PLAN.end();
        return Polling.until(
                time,
                LOOKS_AFTER,
                Generation.WITHIN,
                () -> CompletableFuture.completedFuture(
                        time.ticks() > faultsEnd.plus(LOOKS_AFTER).toNanos() && generation.isSettled()));
    }

    private static void inflicted(SimulatedWorld world, Fault fault, String victim) {
        if (fault.kind() == Fault.Kind.JOB_POISONED) {
            world.invariants().poisoned(victim);
        }
        world.note("fault " + fault.kind() + " on " + victim);
    }

    /**
     * What came of it.
     *
     * @param steps those of the first library, to the one at which it died
     * @param end how each job ended up
     * @param violations what did not hold; empty if all is well
     * @param history what happened, for people
     */
    record Outcome(List<String> steps, Map<String, String> end, List<String> violations, List<String> history) {

        @Override
        public String toString() {
            return "died at step " + steps.size() + (steps.isEmpty() ? "" : ", " + steps.get(steps.size() - 1)) + ": "
                    + end + "\n  " + String.join("\n  ", violations) + "\nhistory\n  " + String.join("\n  ", history);
        }
    }
}
