package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.ClusterServices;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.JournalLease;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Puts the library's supervisor to the test: a simulated cluster with jobs, under the real supervision with a policy, goes
 * through the faults of a seeded plan, and what must hold is judged all the while.
 *
 * <pre>{@code
 * Simulation.Outcome outcome = Simulation.of(directory, MyPolicy::new).run(4711);
 * assertThat(outcome.violations()).as(outcome::toString).isEmpty();
 * }</pre>
 *
 * <p>Everything but the launcher is the library's own: cluster, lane, attempts, recovery, claims of epochs, journal and storage
 * interfaces, in memory. What must hold: at most one epoch lives; nothing is launched or submitted before every process of
 * the epoch before is confirmed dead; nothing is done to a process that is not known to be dead or to hang, and nothing at
 * all on UNKNOWN alone; the budget of actions is kept; the cluster is never given up, for which eight faults, all over after
 * four and a half minutes, are no reason; an attempt starts from the newest complete point of the one before;
 * a job that fails whenever it runs is quarantined, and no other; and when the faults are over, every other job runs again, or
 * has failed because a fault wanted that, and somebody said so.
 *
 * <p>Thread-safe: simulations may run side by side.
 */
public final class Simulation {

    private static final Duration FIRST_EPOCH_WITHIN = Duration.ofMinutes(10);
    private static final Duration FAULTS_WITHIN = Duration.ofMinutes(3);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(30);
    private static final Duration LOOKS_AFTER = Duration.ofSeconds(5);
    private static final Duration CLOSED_WITHIN = Duration.ofMinutes(10);

    private final Path directory;
    private final FailoverPolicy policy;
    private final UserJars noJars;
    private final StorageProviders storages = StorageProviders.onClassPath();

    private Simulation(Path directory, FailoverPolicy policy) {
        this.directory = directory;
        this.policy = policy;
        this.noJars = new UserJars(directory);
    }

    /**
     * Makes simulations of a policy.
     *
     * @param directory a directory for what the library keeps on its own machine; next to nothing
     * @param policy decides; used by several simulations at once
     */
    public static Simulation of(Path directory, FailoverPolicy policy) {
        return new Simulation(directory, policy);
    }

    /**
     * Runs one simulation; blocks for some milliseconds.
     *
     * @param seed decides everything: size, jobs, faults, and the order of what happens at once
     * @return what came of it
     */
    public Outcome run(long seed) {
        try (VirtualTime time = VirtualTime.seeded(seed);
                InMemoryStorage storage = InMemoryStorage.create(time)) {
            return new Run(seed, time, storage).outcome();
        }
    }

    /**
     * What came of a simulation.
     *
     * @param seed of which
     * @param plan the faults
     * @param history what happened, for people: the library's events and the faults; the same for the same seed
     * @param violations what did not hold; empty if all is well
     */
    public record Outcome(long seed, FaultPlan plan, List<String> history, List<String> violations) {

        /** Keeps copies. */
        public Outcome {
            history = List.copyOf(history);
            violations = List.copyOf(violations);
        }

        /** Returns all of it, line by line. */
        @Override
        public String toString() {
            return "seed " + seed + "\n  " + String.join("\n  ", violations) + "\nhistory\n  "
                    + String.join("\n  ", history);
        }
    }

    private final class Run {
        private final long seed;
        private final VirtualTime time;
        private final InMemoryStorage storage;
        private final String storageUri;
        private final UnreliableJournal journal = new UnreliableJournal();
        private final Invariants invariants;
        private final SimulatedLauncher launcher;
        private final List<String> history = new ArrayList<>();
        private final ClusterSpec spec;
        private final Map<JobName, Integer> jobs = new TreeMap<>();
        private final FaultPlan plan;
        private final boolean operated;

        Run(long seed, VirtualTime time, InMemoryStorage storage) {
            this.seed = seed;
            this.time = time;
            this.storage = storage;
            this.storageUri = storage.location().uri().toString();
            this.invariants = new Invariants(time);
            this.launcher = new SimulatedLauncher(time, invariants);
            Random shape = new Random(seed + 1);
            int nodes = shape.nextBoolean() ? 1 : 3;
            this.operated = shape.nextBoolean();
            this.spec = ClusterSpec.named("simulated")
                    .plan(nodes == 1 ? Plans.SINGLE_NODE_4GB : Plans.THREE_NODE_4GB)
                    .taskSlots(4)
                    .checkpoints(Checkpointing.every(Duration.ofSeconds(10 + shape.nextInt(50)))
                            .to(storage.location()))
                    .build();
            for (int i = 1 + shape.nextInt(3); i > 0; i--) {
                JobName job = new JobName("job-" + i);
                int slots = 1 + shape.nextInt(nodes == 1 ? 1 : 3);
                launcher.run(job, new Workload(Long.MAX_VALUE, 1000, slots));
                jobs.put(job, slots);
            }
            this.plan = FaultPlan.seeded(seed + 2, nodes, FAULTS_WITHIN);
        }

        Outcome outcome() {
            try (StateStorage opened = storages.open(storage.location())) {
                run(opened);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                invariants.violated("it was interrupted");
            } catch (RuntimeException e) {
                invariants.violated("it failed: " + Failures.rootCause(e));
            }
            return new Outcome(seed, plan, history, invariants.violations());
        }

        private void run(StateStorage opened) throws InterruptedException {
            JournalLease lease = JournalLease.acquire(journal, time.newId());
            Cluster cluster = new Cluster(
                    spec,
                    opened,
                    new ClusterServices(
                            time,
                            time.blocking(),
                            this::happened,
                            launcher,
                            noJars,
                            directory,
                            Policies.NONE,
                            new KnownEpochs(journal),
                            lease::ensureHeld),
                    operated);
            Supervision supervision =
                    new Supervisor(time, this::decide, time.loop(), this::happened).supervise(cluster);
            require(FIRST_EPOCH_WITHIN, "the first epoch runs", () -> cluster.current()
                    .isPresent());
            List<ClusterJob> submitted = new ArrayList<>();
            for (Map.Entry<JobName, Integer> job : jobs.entrySet()) {
                submitted.add(submit(cluster, job.getKey(), job.getValue()));
            }
            new FaultInjector(time, launcher, spec.name(), storage, journal, this::inflicted).begin(plan);
            boolean unused = time.await(invariants.whenViolated(), plan.end());
            require(SETTLED_WITHIN, "it settles", () -> isSettled(supervision, submitted));
            judge(submitted);
            close(cluster, supervision);
        }

        /** A policy that was found out is not asked any more: what it would do then may have no end. */
        private Decision decide(Situation situation) {
            if (!invariants.hold()) {
                return new Decision.GiveUp("something did not hold");
            }
            Decision decision = policy.decide(situation);
            invariants.decided(situation, decision);
            return decision;
        }

        private ClusterJob submit(Cluster cluster, JobName name, int slots) throws InterruptedException {
            CapturedJob captured = SimulatedPlans.ofSlots(slots);
            CompletableFuture<ClusterJob> submission = cluster.lane().run(() -> {
                ClusterJob job =
                        cluster.jobs().reserve(name, JobPriority.NORMAL, captured, Simulation.class.getClassLoader());
                cluster.jobs().submit(job, captured, StartingPoint.asItEnded(), cluster.requireCurrent());
                return job;
            });
            boolean unused = time.await(submission, CLOSED_WITHIN);
            return submission.join();
        }

        /** One that was given up will not change any more, and was judged for that. */
        private boolean isSettled(Supervision supervision, List<ClusterJob> submitted) {
            Health.State health = supervision.health().state();
            return health == Health.State.GAVE_UP
                    || (isUp(health)
                            && submitted.stream().allMatch(job -> job.hasEnded() || (!isPoisoned(job) && runs(job))));
        }

        /** Such a job runs for moments, which settles nothing. */
        private boolean isPoisoned(ClusterJob job) {
            return invariants.isPoisoned(job.name().value());
        }

        private static boolean isUp(Health.State health) {
            return health == Health.State.HEALTHY || health == Health.State.DEGRADED;
        }

        private boolean runs(ClusterJob job) {
            return launcher.epochOf(spec.name()).stream()
                    .flatMap(epoch -> epoch.jobs().observed().stream())
                    .filter(seen -> job.attempt()
                            .filter(attempt -> attempt.jobId().equals(seen.jobId()))
                            .isPresent())
                    .anyMatch(JobObservation::allTasksRun);
        }

        /** What a cluster that was found out leaves is nobody's fault but its policy's. */
        private void judge(List<ClusterJob> submitted) {
            if (invariants.hold()) {
                submitted.stream().filter(ClusterJob::hasEnded).forEach(job -> invariants.ended(job.name()));
            }
        }

        private void close(Cluster cluster, Supervision supervision) throws InterruptedException {
            invariants.closing();
            supervision.end("the simulation is over");
            cluster.refuseNewWork();
            CompletableFuture<Boolean> closed = cluster.lane().run(() -> {
                cluster.close();
                return true;
            });
            if (!time.await(closed, CLOSED_WITHIN)) {
                invariants.violated("it is not closed after " + CLOSED_WITHIN);
            }
        }

        private void require(Duration atMost, String what, BooleanSupplier condition) throws InterruptedException {
            CompletableFuture<Void> waited = Polling.until(
                    time, LOOKS_AFTER, atMost, () -> CompletableFuture.completedFuture(condition.getAsBoolean()));
            boolean unused = time.await(waited, atMost.plus(LOOKS_AFTER));
            if (!waited.isDone() || waited.isCompletedExceptionally()) {
                invariants.violated("in vain for " + atMost + " until " + what);
            }
        }

        private void happened(ClusterEvent event) {
            if (event instanceof EpochStarted up) {
                invariants.isUp(new Epoch(up.epoch()));
            }
            invariants.happened(event);
            note(event.getClass().getSimpleName() + ": " + event.text().replace(storageUri, "<storage>"));
        }

        private void inflicted(Fault fault, String victim) {
            if (fault.kind() == Fault.Kind.JOB_POISONED) {
                invariants.poisoned(victim);
            } else if (fault.kind() == Fault.Kind.JOB_FAILS) {
                invariants.madeToFail(victim);
            }
            note("fault " + fault.kind() + " on " + victim + (fault.kind().isLasting() ? " for " + fault.lasts() : ""));
        }

        private void note(String line) {
            history.add(Duration.ofNanos(time.ticks()) + " " + line);
        }
    }
}
