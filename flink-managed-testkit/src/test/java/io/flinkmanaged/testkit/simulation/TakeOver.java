package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.change.Acknowledgement;
import io.flinkmanaged.change.Basis;
import io.flinkmanaged.change.ChangeApplication;
import io.flinkmanaged.change.ChangeReport;
import io.flinkmanaged.change.ClusterChange;
import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.ClusterServices;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalLease;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.supervise.Decision;
import io.flinkmanaged.supervise.FailoverPolicy;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.supervise.Situation;
import io.flinkmanaged.supervise.Supervision;
import io.flinkmanaged.supervise.Supervisor;
import io.flinkmanaged.testkit.InMemoryStorage;
import io.flinkmanaged.testkit.UnreliableJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One life of a cluster in which every kind of action is due: jobs are submitted, two changes are applied, one by cancelling the jobs
 * and one by stopping them with savepoints, a TaskManager is killed, the leader is killed, one hangs, recovery data is lost,
 * everything is killed with damaged checkpoints, a job is poisoned. The library that supervises it dies at a step of one's choice, and
 * another one takes over, with the same journal, storage and processes.
 */
final class TakeOver {

    private static final Duration SETTLED_WITHIN = Duration.ofHours(2);
    private static final Duration LOOKS_AFTER = Duration.ofSeconds(5);
    private static final Duration RESTARTED_AFTER = Duration.ofSeconds(3);
    private static final List<JobName> JOBS = List.of(new JobName("job-1"), new JobName("job-2"));
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

    private static final FailoverPolicy POLICY = FailoverPolicy.quarantiningAfter(5, Duration.ofSeconds(20));

    private final Path directory;
    private final StorageProviders storages = StorageProviders.onClassPath();
    private final UserJars noJars;

    TakeOver(Path directory) {
        this.directory = directory;
        this.noJars = new UserJars(directory);
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
            return new Life(time, storage, opened).outcome(diesAt);
        }
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

    private final class Life {
        private final VirtualTime time;
        private final InMemoryStorage storage;
        private final StateStorage opened;
        private final UnreliableJournal journal = new UnreliableJournal();
        private final Invariants invariants;
        private final SimulatedLauncher launcher;
        private final ClusterSpec spec;
        private final List<String> history = new ArrayList<>();
        private volatile ClusterSpec inForce;

        Life(VirtualTime time, InMemoryStorage storage, StateStorage opened) {
            this.time = time;
            this.storage = storage;
            this.opened = opened;
            this.invariants = new Invariants(time);
            this.launcher = new SimulatedLauncher(time, invariants);
            launcher.outliveLibraries();
            this.spec = ClusterSpec.named("simulated")
                    .plan(Plans.THREE_NODE_4GB)
                    .taskSlots(2)
                    .checkpoints(Checkpointing.every(Duration.ofSeconds(10)).to(storage.location()))
                    .build();
            this.inForce = spec;
        }

        Outcome outcome(long diesAt) throws InterruptedException {
            MortalLibrary mortal = new MortalLibrary(time, diesAt);
            Generation first = new Generation(mortal);
            first.begin();
            first.change();
            new FaultInjector(time, launcher, spec.name(), storage, journal, this::inflicted).begin(PLAN);
            CompletableFuture<Void> settled = whenSettled(first);
            boolean unused = time.await(CompletableFuture.anyOf(mortal.whenDead(), settled), SETTLED_WITHIN);
            Generation last = first;
            if (mortal.isDead()) {
                note("the library dies at step " + mortal.steps().size());
                buryTheDead();
                time.pass(RESTARTED_AFTER);
                last = new Generation(new MortalLibrary(time, MortalLibrary.NEVER));
                last.begin();
                settled = whenSettled(last);
                boolean unusedAgain = time.await(settled, SETTLED_WITHIN);
            }
            if (!settled.isDone() || settled.isCompletedExceptionally()) {
                invariants.violated("it does not settle: " + last.supervision.health());
            }
            return new Outcome(mortal.steps(), last.jobs(), invariants.violations(), history);
        }

        private CompletableFuture<Void> whenSettled(Generation generation) {
            Duration faultsEnd = PLAN.end();
            return Polling.until(
                    time,
                    LOOKS_AFTER,
                    SETTLED_WITHIN,
                    () -> CompletableFuture.completedFuture(
                            time.ticks() > faultsEnd.plus(LOOKS_AFTER).toNanos() && generation.isSettled()));
        }

        /** What the operating system would tell of its process. */
        private void buryTheDead() {
            for (String record : opened.children(spec.name() + "/epochs")) {
                String path = spec.name() + "/epochs/" + record;
                opened.read(path).ifPresent(text -> opened.write(path, dead(text)));
            }
            Optional<JournalRecord> lease = journal.read("lease");
            lease.ifPresent(held -> {
                boolean unused = journal.compareAndSet("lease", held.version(), dead(held.text()));
            });
        }

        private static String dead(String record) {
            return record.replaceAll("startTicks: \\d+", "startTicks: 1");
        }

        private void inflicted(Fault fault, String victim) {
            if (fault.kind() == Fault.Kind.JOB_POISONED) {
                invariants.poisoned(victim);
            }
            note("fault " + fault.kind() + " on " + victim);
        }

        private void note(String line) {
            history.add(Duration.ofNanos(time.ticks()) + " " + line);
        }

        /** A library that supervises the cluster, and an embedder who wants his jobs to run. */
        private final class Generation {
            private final MortalLibrary process;
            private final Cluster cluster;
            private final Supervision supervision;

            Generation(MortalLibrary process) {
                this.process = process;
                Journal own = process.journal(journal);
                JournalLease lease = JournalLease.acquire(journal, process.newId());
                this.cluster = new Cluster(
                        inForce,
                        process.storage(opened),
                        new ClusterServices(
                                process,
                                process.blocking(),
                                this::happened,
                                process.launcher(launcher),
                                noJars,
                                directory,
                                Policies.NONE,
                                new KnownEpochs(own),
                                lease::ensureHeld),
                        true);
                this.supervision =
                        new Supervisor(process, this::decide, process.loop(), this::happened).supervise(cluster);
            }

            /** Submits what is not known, as soon as there is an epoch. */
            void begin() {
                BooleanSupplier up = () ->
                        cluster.current().isPresent() && supervision.health().state() == Health.State.HEALTHY;
                CompletableFuture<Void> unused = Polling.until(
                                process,
                                Duration.ofSeconds(1),
                                SETTLED_WITHIN,
                                () -> CompletableFuture.completedFuture(up.getAsBoolean()))
                        .thenRun(() -> JOBS.forEach(this::submitUnlessKnown));
            }

            /** Applies two changes, as soon as the jobs run. */
            void change() {
                Checkpointing checkpoints = spec.checkpoints().orElseThrow();
                CompletableFuture<ChangeReport> unused = Polling.until(
                                process,
                                Duration.ofSeconds(1),
                                SETTLED_WITHIN,
                                () -> CompletableFuture.completedFuture(isSettled()))
                        .thenCompose(settled ->
                                applied(edited -> edited.checkpoints(checkpoints.minimumPause(Duration.ofSeconds(1)))))
                        .thenCompose(report -> applied(edited -> edited.override(BY_SAVEPOINT, "HEAP")));
            }

            private CompletableFuture<ChangeReport> applied(UnaryOperator<ClusterSpec.Builder> edit) {
                ChangeApplication changes =
                        new ChangeApplication(cluster, next -> inForce = next, process, this::happened);
                return CompletableFuture.supplyAsync(() -> preview(edit), process.blocking())
                        .thenCompose(change -> changes.apply(change, EnumSet.allOf(Acknowledgement.class)));
            }

            private ClusterChange preview(UnaryOperator<ClusterSpec.Builder> edit) {
                ClusterSpec next = edit.apply(cluster.spec().toBuilder()).build();
                return ClusterChange.of(Basis.of(cluster), next, cluster.launcher(), cluster::configurationOf);
            }

            private void submitUnlessKnown(JobName name) {
                if (cluster.jobs().find(name).isPresent() || invariants.isPoisoned(name.value())) {
                    return;
                }
                CapturedJob captured = SimulatedPlans.ofSlots(1);
                CompletableFuture<ClusterJob> unused = cluster.lane().run(() -> {
                    ClusterJob job =
                            cluster.jobs().reserve(name, JobPriority.NORMAL, captured, TakeOver.class.getClassLoader());
                    cluster.jobs().submit(job, captured, StartingPoint.asItEnded(), cluster.requireCurrent());
                    return job;
                });
            }

            private Decision decide(Situation situation) {
                Decision decision = POLICY.decide(situation);
                invariants.decided(situation, decision);
                return decision;
            }

            private void happened(ClusterEvent event) {
                if (process.isDead()) {
                    return;
                }
                if (event instanceof EpochStarted up) {
                    invariants.isUp(new Epoch(up.epoch()));
                }
                invariants.happened(event);
                note(event.getClass().getSimpleName() + ": " + event.text());
            }

            boolean isSettled() {
                Health.State health = supervision.health().state();
                return (health == Health.State.HEALTHY || health == Health.State.DEGRADED)
                        && JOBS.stream().allMatch(name -> isQuarantined(name) || runs(name));
            }

            Map<String, String> jobs() {
                Map<String, String> ends = new TreeMap<>();
                for (JobName name : JOBS) {
                    ends.put(name.value(), isQuarantined(name) ? "quarantined" : runs(name) ? "runs" : "is lost");
                }
                return ends;
            }

            private boolean isQuarantined(JobName name) {
                return invariants.isPoisoned(name.value())
                        && supervision.health().reason().contains("quarantine");
            }

            private boolean runs(JobName name) {
                return !invariants.isPoisoned(name.value())
                        && launcher.epochOf(spec.name()).stream()
                                .flatMap(epoch -> epoch.jobs().observed().stream())
                                .filter(job -> job.name().equals(name.value()))
                                .filter(job -> !job.status().isGloballyTerminalState())
                                .map(JobObservation::allTasksRun)
                                .reduce(Boolean::logicalAnd)
                                .orElse(false);
            }
        }
    }
}
