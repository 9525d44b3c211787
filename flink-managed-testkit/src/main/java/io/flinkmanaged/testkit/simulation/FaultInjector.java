package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.testkit.InMemoryStorage;
import io.flinkmanaged.testkit.UnreliableJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Inflicts the faults of a plan on a simulated cluster and on what it stands on, when they are due. */
final class FaultInjector {

    private static final Duration CLOCK_SET_BY = Duration.ofHours(3);

    private final VirtualTime time;
    private final SimulatedLauncher launcher;
    private final ClusterName cluster;
    private final InMemoryStorage storage;
    private final UnreliableJournal journal;
    private final BiConsumer<Fault, String> told;
    private int outages;
    private int unwritable;

    /** Creates an injector; it tells each fault that comes to something, with what it was inflicted on. */
    FaultInjector(
            VirtualTime time,
            SimulatedLauncher launcher,
            ClusterName cluster,
            InMemoryStorage storage,
            UnreliableJournal journal,
            BiConsumer<Fault, String> told) {
        this.time = time;
        this.launcher = launcher;
        this.cluster = cluster;
        this.storage = storage;
        this.journal = journal;
        this.told = told;
    }

    /** Begins a plan now. */
    void begin(FaultPlan plan) {
        for (Fault fault : plan.faults()) {
            TimeSource.Cancellable unused = time.delay(fault.at(), () -> inflict(fault));
        }
    }

    private void inflict(Fault fault) {
        switch (fault.kind()) {
            case TASK_MANAGER_KILLED -> kill(fault, nodes -> of(nodes, fault.node(), Kind.TASK_MANAGER));
            case JOB_MANAGER_KILLED -> kill(fault, nodes -> of(nodes, fault.node(), Kind.JOB_MANAGER));
            case ZOOKEEPER_KILLED -> kill(fault, nodes -> of(nodes, fault.node(), Kind.ZOOKEEPER));
            case LEADER_KILLED -> kill(fault, this::leader);
            case NODE_LOST -> kill(fault, nodes -> nodes.on(fault.node()));
            case RECOVERY_DATA_LOST -> {
                launcher.epochOf(cluster).ifPresent(SimulatedEpoch::loseRecoveryData);
                kill(fault, nodes -> nodes.all(Kind.JOB_MANAGER).toList());
            }
            case ALL_LOST -> kill(fault, nodes -> nodes.all().toList());
            case ALL_LOST_NEWEST_POINTS_DAMAGED -> {
                damageNewestPoints(fault);
                kill(fault, nodes -> nodes.all().toList());
            }
            case TASK_MANAGER_HUNG -> hang(fault, nodes -> of(nodes, fault.node(), Kind.TASK_MANAGER));
            case LEADER_HUNG -> hang(fault, this::leader);
            case NODE_UNREACHABLE ->
                nodes().ifPresent(nodes -> {
                    told.accept(fault, fault.node().toString());
                    nodes.cutOff(fault.node(), fault.lasts());
                });
            case UNOBSERVABLE -> {
                told.accept(fault, "REST");
                launcher.troublesOf(cluster).silence(fault.lasts());
                later(fault, () -> launcher.epochOf(cluster).ifPresent(SimulatedEpoch::troublesChanged));
            }
            case STORAGE_DOWN -> storageIsDown(fault);
            case STOP_UNCONFIRMED -> {
                told.accept(fault, "stops");
                launcher.troublesOf(cluster).confirmNothing(fault.lasts());
            }
            case OPERATION_FAILS -> {
                told.accept(fault, "the next operation");
                launcher.troublesOf(cluster).failNextOperation();
            }
            case ANSWER_LOST -> {
                told.accept(fault, "the next submission");
                launcher.troublesOf(cluster).loseNextAnswer();
            }
            case JOURNAL_UNWRITABLE -> journalIsUnwritable(fault);
            case CLOCK_SET -> {
                told.accept(fault, "the clock");
                // Back first: then what happened lies in the future.
                time.setClock(CLOCK_SET_BY.negated());
                later(fault, () -> time.setClock(CLOCK_SET_BY));
            }
            case JOB_FAILS -> failJob(fault);
            case JOB_POISONED -> poisonJob(fault);
        }
    }

    private void kill(Fault fault, Function<SimulatedNodes, List<SimulatedProcess>> victims) {
        nodes().ifPresent(nodes -> {
            List<SimulatedProcess> found = victims.apply(nodes);
            told.accept(fault, found.toString());
            nodes.kill(found, "killed by a fault");
        });
    }

    private void hang(Fault fault, Function<SimulatedNodes, List<SimulatedProcess>> victims) {
        nodes().ifPresent(nodes -> {
            List<SimulatedProcess> found = victims.apply(nodes);
            told.accept(fault, found.toString());
            found.forEach(nodes::hang);
        });
    }

    private static List<SimulatedProcess> of(SimulatedNodes nodes, NodeId node, Kind kind) {
        return nodes.on(node).stream().filter(process -> process.is(kind)).toList();
    }

    private List<SimulatedProcess> leader(SimulatedNodes nodes) {
        return launcher.epochOf(cluster).flatMap(SimulatedEpoch::leader).stream()
                .map(node -> nodes.of(node, Kind.JOB_MANAGER))
                .toList();
    }

    private void damageNewestPoints(Fault fault) {
        for (SimulatedJob job : livingJobs()) {
            Optional<String> newest = job.newestCheckpoint();
            if (newest.isPresent() && outages == 0) {
                try {
                    SimulatedPoints.damage(newest.get(), time.happens(50));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                launcher.deeds().damaged(newest.get());
                told.accept(fault, "a checkpoint of " + job.submission().name());
            }
        }
    }

    private void storageIsDown(Fault fault) {
        told.accept(fault, "the storage");
        outages++;
        storage.beginOutage();
        later(fault, () -> {
            if (--outages == 0) {
                storage.endOutage();
            }
        });
    }

    private void journalIsUnwritable(Fault fault) {
        told.accept(fault, "the journal");
        unwritable++;
        journal.setWritable(false);
        later(fault, () -> journal.setWritable(--unwritable == 0));
    }

    private void failJob(Fault fault) {
        livingJobs().stream().filter(SimulatedJob::runs).findFirst().ifPresent(job -> {
            told.accept(fault, job.submission().name().value());
            launcher.epochOf(cluster)
                    .ifPresent(epoch -> epoch.jobs().fail(job, new IllegalStateException("a fault wants it")));
        });
    }

    /** It fails when it is started next, at the latest: the record lies before what it reads now. */
    private void poisonJob(Fault fault) {
        livingJobs().stream().findFirst().ifPresent(job -> {
            told.accept(fault, job.submission().name().value());
            launcher.troublesOf(cluster).poison(job.submission().name());
            launcher.epochOf(cluster).ifPresent(epoch -> epoch.jobs().poisoned(job));
        });
    }

    private List<SimulatedJob> livingJobs() {
        return launcher.epochOf(cluster).map(epoch -> epoch.jobs().living()).orElse(List.of());
    }

    private Optional<SimulatedNodes> nodes() {
        return launcher.epochOf(cluster).map(SimulatedEpoch::nodes);
    }

    private void later(Fault fault, Runnable end) {
        TimeSource.Cancellable unused = time.delay(fault.lasts(), end);
    }
}
