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
import io.flinkmanaged.cluster.Termination;
import io.flinkmanaged.cluster.WantedClusters;
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
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.supervise.Decision;
import io.flinkmanaged.supervise.FailoverPolicy;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.supervise.Situation;
import io.flinkmanaged.supervise.Supervision;
import io.flinkmanaged.supervise.Supervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.flink.core.execution.SavepointFormatType;

/** A library that supervises the cluster of a world, and an embedder who wants his jobs to run there. */
final class Generation {

    static final List<JobName> JOBS = List.of(new JobName("job-1"), new JobName("job-2"));
    static final Duration WITHIN = Duration.ofHours(2);

    private static final Duration LOOKS_AFTER = Duration.ofSeconds(1);
    private static final FailoverPolicy POLICY = FailoverPolicy.quarantiningAfter(5, Duration.ofSeconds(20));

    private final MortalLibrary process;
    private final SimulatedWorld world;
    private final WantedClusters wanted;
    private final Cluster cluster;
    private final Supervision supervision;

    /** Operates the cluster, which runs already or begins. */
    Generation(MortalLibrary process, SimulatedWorld world, Path directory) {
        this.process = process;
        this.world = world;
        Journal own = process.journal(world.journal());
        JournalLease lease = JournalLease.acquire(world.journal(), process.newId());
        this.wanted = new WantedClusters(own);
        this.cluster = new Cluster(
                world.inForce(),
                process.storage(world.opened()),
                new ClusterServices(
                        process,
                        process.blocking(),
                        this::happened,
                        process.launcher(world.launcher()),
                        new UserJars(directory),
                        directory,
                        Policies.NONE,
                        new KnownEpochs(own),
                        lease::ensureHeld),
                true);
        this.supervision = new Supervisor(process, this::decide, process.loop(), this::happened).supervise(cluster);
    }

    /** Submits what is not known, as soon as there is an epoch. */
    void begin() {
        BooleanSupplier up =
                () -> cluster.current().isPresent() && supervision.health().state() == Health.State.HEALTHY;
        CompletableFuture<Void> unused = when(up).thenRun(() -> JOBS.forEach(this::submitUnlessKnown));
    }

    /** Completes when the process of the library sees that something is so. */
    CompletableFuture<Void> when(BooleanSupplier condition) {
        return Polling.until(
                process, LOOKS_AFTER, WITHIN, () -> CompletableFuture.completedFuture(condition.getAsBoolean()));
    }

    CompletableFuture<ChangeReport> apply(UnaryOperator<ClusterSpec.Builder> edit) {
        ChangeApplication changes = new ChangeApplication(cluster, world::putInForce, process, this::happened);
        return CompletableFuture.supplyAsync(() -> preview(edit), process.blocking())
                .thenCompose(change -> changes.apply(change, EnumSet.allOf(Acknowledgement.class)));
    }

    private ClusterChange preview(UnaryOperator<ClusterSpec.Builder> edit) {
        ClusterSpec next = edit.apply(cluster.spec().toBuilder()).build();
        return ClusterChange.of(Basis.of(cluster), next, cluster.launcher(), cluster::configurationOf);
    }

    /** A person wants a savepoint of the first job. */
    CompletableFuture<String> savepoint() {
        ClusterJob job = cluster.jobs().find(JOBS.get(0)).orElseThrow();
        return job.client().triggerSavepoint(cluster.jobs().savepointsUri(job), SavepointFormatType.CANONICAL);
    }

    /** A person wants new certificates. */
    CompletableFuture<Void> renewCertificates() {
        return CompletableFuture.runAsync(
                () -> {
                    world.invariants().renewing(true);
                    cluster.certificates().ofProcesses();
                    world.invariants().renewing(false);
                },
                process.blocking());
    }

    /** A person wants the end of the cluster. */
    CompletableFuture<Boolean> terminate() {
        world.invariants().closing();
        supervision.end("it was terminated");
        cluster.refuseNewWork();
        return cluster.lane().run(() -> {
            new Termination(cluster, wanted).run();
            return true;
        });
    }

    private void submitUnlessKnown(JobName name) {
        if (cluster.jobs().find(name).isPresent() || world.invariants().isPoisoned(name.value())) {
            return;
        }
        CapturedJob captured = SimulatedPlans.ofSlots(1);
        CompletableFuture<ClusterJob> unused = cluster.lane().run(() -> {
            ClusterJob job =
                    cluster.jobs().reserve(name, JobPriority.NORMAL, captured, Generation.class.getClassLoader());
            cluster.jobs().submit(job, captured, StartingPoint.asItEnded(), cluster.requireCurrent());
            return job;
        });
    }

    private Decision decide(Situation situation) {
        Decision decision = POLICY.decide(situation);
        world.invariants().decided(situation, decision);
        return decision;
    }

    private void happened(ClusterEvent event) {
        if (process.isDead()) {
            return;
        }
        if (event instanceof EpochStarted up) {
            world.invariants().isUp(new Epoch(up.epoch()));
        }
        world.invariants().happened(event);
        world.note(event.getClass().getSimpleName() + ": " + event.text());
    }

    Health health() {
        return supervision.health();
    }

    boolean isSettled() {
        Health.State health = health().state();
        return (health == Health.State.HEALTHY || health == Health.State.DEGRADED)
                && JOBS.stream().allMatch(name -> isQuarantined(name) || runs(name));
    }

    /** Returns what each job does. */
    Map<String, String> jobs() {
        Map<String, String> ends = new TreeMap<>();
        for (JobName name : JOBS) {
            ends.put(name.value(), isQuarantined(name) ? "quarantined" : runs(name) ? "runs" : "is lost");
        }
        return ends;
    }

    private boolean isQuarantined(JobName name) {
        return world.invariants().isPoisoned(name.value()) && health().reason().contains("quarantine");
    }

    private boolean runs(JobName name) {
        return !world.invariants().isPoisoned(name.value()) && world.runs(name);
    }
}
