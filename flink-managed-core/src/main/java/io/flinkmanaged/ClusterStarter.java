package io.flinkmanaged;

import io.flinkmanaged.change.SpecDifference;
import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterServices;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.cluster.Termination;
import io.flinkmanaged.cluster.WantedClusters.Wanted;
import io.flinkmanaged.event.ClusterEvent.SpecAdvised;
import io.flinkmanaged.event.ClusterEvent.SpecDiffers;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.file.FileStorage;
import io.flinkmanaged.supervise.Supervision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Puts a cluster together: directory, storage, epoch, supervision. What was opened goes into the cluster's entry. */
final class ClusterStarter {

    private final Wiring wiring;
    private final SpecCheck check;
    private final Surroundings surroundings;

    ClusterStarter(Wiring wiring, SpecCheck check, Surroundings surroundings) {
        this.wiring = wiring;
        this.check = check;
        this.surroundings = surroundings;
    }

    ManagedCluster launch(ClusterSpec spec, ClusterEntry entry) {
        Cluster cluster = prepare(spec, entry, false);
        inLane(cluster, cluster::beginEpoch);
        return supervised(cluster, entry);
    }

    private static void inLane(Cluster cluster, Runnable operation) {
        try {
            boolean unused = cluster.lane()
                    .run(() -> {
                        operation.run();
                        return true;
                    })
                    .join();
        } catch (CompletionException e) {
            if (Failures.unwrap(e) instanceof ManagedFlinkException known) {
                throw known;
            }
            throw e;
        }
    }

    ManagedCluster operate(ClusterSpec given, ClusterEntry entry) {
        return operate(given, entry, Cluster::requireKnownStorage);
    }

    /** Operates a cluster of which a person says that it is lost: if it is not, that is refused at once. */
    ManagedCluster recover(ClusterSpec stored, ClusterEntry entry) {
        return operate(stored, entry, Cluster::requireOwnerless);
    }

    private ManagedCluster operate(ClusterSpec given, ClusterEntry entry, Consumer<Cluster> admission) {
        if (given.checkpoints().isEmpty()) {
            throw new InvalidSpecException(
                    given.name().value(),
                    List.of(new Finding(
                            "checkpoints",
                            "none",
                            "a storage that outlives this process",
                            "Set ClusterSpec.checkpoints(…), or launch the cluster instead of operating it.")));
        }
        finishTermination(given.name(), entry);
        Optional<ClusterSpec> remembered = wiring.wanted().find(given.name()).map(Wanted::spec);
        Cluster cluster = prepare(remembered.orElse(given), entry, true);
        admission.accept(cluster);
        if (remembered.isPresent()) {
            tellDifferences(remembered.get(), given);
        } else {
            wiring.wanted().want(given);
        }
        return supervised(cluster, entry);
    }

    /** If a former process died in the middle of a termination; afterwards nothing of that cluster is known any more. */
    private void finishTermination(ClusterName name, ClusterEntry entry) {
        wiring.wanted().find(name).filter(Wanted::isTerminated).ifPresent(half -> {
            Cluster former = prepare(half.spec(), entry, true);
            inLane(former, new Termination(former, wiring.wanted())::run);
        });
    }

    private void tellDifferences(ClusterSpec inForce, ClusterSpec given) {
        List<SpecDifference> differences = SpecDifference.between(inForce, given);
        if (!differences.isEmpty()) {
            wiring.events()
                    .publish(new SpecDiffers(
                            given.name().value(),
                            wiring.time().now(),
                            differences.stream().map(SpecDifference::toString).collect(Collectors.joining("; "))));
        }
    }

    private Cluster prepare(ClusterSpec spec, ClusterEntry entry, boolean continuesFormerJobs) {
        requireSecrets(spec);
        check.events(spec, wiring.time().now()).forEach(wiring.events()::publish);
        Path directory = newDirectory(spec);
        entry.add(() -> Directories.deleteTree(directory));
        StorageLocation location = spec.checkpoints()
                .map(Checkpointing::location)
                .orElseGet(() -> FileStorage.at(directory.resolve("state")));
        StateStorage storage = wiring.storages().open(location, "cluster " + spec.name());
        entry.add(storage);
        tellAdvice(spec, storage.verify());
        ClusterServices services = new ClusterServices(
                wiring.time(),
                wiring.operations(),
                wiring.events()::publish,
                wiring.launcher(),
                wiring.userJars(),
                directory,
                wiring.policies(),
                knownEpochs(spec),
                wiring.lease()::ensureHeld);
        Cluster cluster = new Cluster(spec, storage, services, continuesFormerJobs);
        entry.stopFirst(() -> close(cluster));
        return cluster;
    }

    /** The state of a cluster without a storage of its own is meant to end with it: no advice on that. */
    private void tellAdvice(ClusterSpec spec, List<Finding> advice) {
        if (spec.checkpoints().isPresent()) {
            String name = spec.name().value();
            advice.forEach(finding ->
                    wiring.events().publish(new SpecAdvised(name, wiring.time().now(), finding.toString())));
        }
    }

    /** Resolves every secret once, so that one that is missing is told before anything starts. */
    private void requireSecrets(ClusterSpec spec) {
        List<String> values = new ArrayList<>(spec.overrides().values());
        wiring.policies().settings().forEach(setting -> values.add(setting.value()));
        spec.checkpoints()
                .ifPresent(one -> values.addAll(one.location().options().values()));
        List<Finding> findings = new ArrayList<>();
        for (String value : values) {
            try {
                String unused = wiring.secrets().resolveIn(value);
            } catch (InvalidInputException e) {
                findings.addAll(e.findings());
            }
        }
        if (!findings.isEmpty()) {
            throw new InvalidSpecException(spec.name().value(), findings);
        }
    }

    /** What a cluster without a storage of its own, or an instance without a journal, knows ends with the cluster. */
    private KnownEpochs knownEpochs(ClusterSpec spec) {
        return wiring.knownEpochs()
                .filter(unused -> spec.checkpoints().isPresent())
                .orElseGet(() -> new KnownEpochs(new InMemoryJournal()));
    }

    /** A directory that no other start has, in this process or another one with the same working directory. */
    private Path newDirectory(ClusterSpec spec) {
        try {
            return Files.createTempDirectory(Directories.create(wiring.directory()), spec.name() + "-");
        } catch (IOException e) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    spec.name().value(),
                    "working directory: " + wiring.directory() + " (expected: a directory that can be written). Name "
                            + "another one with ManagedFlink.configure().workingDirectory(…): " + e,
                    e);
        }
    }

    private ManagedCluster supervised(Cluster cluster, ClusterEntry entry) {
        Supervision supervision = wiring.supervisor().supervise(cluster);
        entry.stopFirst(() -> {
            supervision.end("it was closed");
            return close(cluster);
        });
        ManagedCluster managed = new ManagedCluster(cluster, supervision, surroundings);
        entry.started(managed);
        return managed;
    }

    private static CompletableFuture<Boolean> close(Cluster cluster) {
        cluster.refuseNewWork();
        return cluster.lane().run(() -> {
            cluster.letGo();
            return true;
        });
    }
}
